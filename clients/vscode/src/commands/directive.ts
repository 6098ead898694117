/**
 * Directives, settings in a comment of the document: `<!-- promptls: model=gpt-4o budget=500 -->`.
 *
 * They are read as the server reads them (`server/promptls/prompts/directives.py`).
 */

/** Characters of a line that the server looks at for structure. */
const LINE_LIMIT = 1024;
const DIRECTIVE = /^ {0,3}<!--[ \t]*promptls:.*-->[ \t]*$/;
const COMMENT = / {0,3}<!--/y;
const OPENING = /<!--[ \t]*promptls:/g;
const FENCE = /^[ \t]*(`{3,}|~{3,})(.*)$/;

/** One setting as it stands in a line; columns are UTF-16 code units. */
export interface Pair {
  key: string;
  value: string;
  start: number;
  end: number;
}

export interface Directive {
  line: number;
  pairs: Pair[];
  /** Where another pair may be added. */
  insertAt: number;
}

/** The lines that stand in front matter: from the first one up to, but without, `end`. */
export interface Lines {
  start: number;
  end: number;
}

/** The directives of a document: the lines that hold one outside of front matter, fences and other comments. */
export function findDirectives(lines: readonly string[], frontMatter: Lines | undefined): Directive[] {
  const found: Directive[] = [];
  let fence = "";
  let inComment = false;
  for (const [number, whole] of lines.entries()) {
    if (frontMatter !== undefined && number >= frontMatter.start && number < frontMatter.end) {
      continue;
    }
    const line = whole.slice(0, LINE_LIMIT);
    if (inComment) {
      inComment = !line.includes("-->");
    } else if (fence !== "") {
      fence = closesFence(line, fence) ? "" : fence;
    } else if (DIRECTIVE.test(line)) {
      found.push(parseDirective(line, number));
    } else {
      fence = openedFence(line);
      COMMENT.lastIndex = 0;
      inComment = COMMENT.test(line) && !line.includes("-->");
    }
  }
  return found;
}

/** The front matter's lines, its fences included; undefined where the lines hold none from `first` on. */
export function frontMatterLines(lines: readonly string[], first: number): Lines | undefined {
  const isFence = (line: string): boolean => line.trimEnd() === "---";
  const opening = lines.findIndex((line, number) => number >= first && isFence(line));
  const closing = lines.findIndex(
    (line, number) => number > opening && (isFence(line) || line.trimEnd() === "..."),
  );
  return opening < 0 || closing < 0 ? undefined : { start: first, end: closing + 1 };
}

function openedFence(line: string): string {
  const [, fence = "", info = ""] = FENCE.exec(line) ?? [];
  return fence.startsWith("`") && info.includes("`") ? "" : fence;
}

function closesFence(line: string, opening: string): boolean {
  const [, fence = "", info = ""] = FENCE.exec(line) ?? [];
  return fence.startsWith(opening) && info.trim() === "";
}

function parseDirective(line: string, number: number): Directive {
  const pairs: Pair[] = [];
  let insertAt = 0;
  OPENING.lastIndex = 0;
  for (let comment = OPENING.exec(line); comment !== null; comment = OPENING.exec(line)) {
    const start = comment.index + comment[0].length;
    const end = line.indexOf("-->", start);
    if (end < 0) {
      break;
    }
    const own = pairsBetween(line, start, end);
    pairs.push(...own);
    insertAt = own.at(-1)?.end ?? start;
    OPENING.lastIndex = end;
  }
  return { line: number, pairs, insertAt };
}

function pairsBetween(line: string, start: number, end: number): Pair[] {
  const text = line.slice(0, end);
  const pairs: Pair[] = [];
  let position = skipBlanks(text, start);
  while (position < end) {
    const keyEnd = matchEnd(/[^\s=]*/y, text, position);
    const equals = skipBlanks(text, keyEnd);
    let value = "";
    let pairEnd = keyEnd;
    if (text[equals] === "=") {
      const valueStart = skipBlanks(text, equals + 1);
      pairEnd = Math.max(valueEnd(text, valueStart), equals + 1);
      value = unquoted(text.slice(valueStart, pairEnd)).trim();
    }
    pairs.push({ key: text.slice(position, keyEnd), value, start: position, end: pairEnd });
    position = skipBlanks(text, pairEnd);
  }
  return pairs;
}

/** Where a value ends; one that ends with a comma goes on after the blanks. */
function valueEnd(text: string, start: number): number {
  const quote = text[start];
  if (quote === '"' || quote === "'") {
    const closing = text.indexOf(quote, start + 1);
    return closing < 0 ? text.length : closing + 1;
  }
  let position = matchEnd(/[^\s"']\S*/y, text, start);
  while (position > start && text[position - 1] === ",") {
    const following = skipBlanks(text, position);
    const further = matchEnd(/[^\s"']\S*/y, text, following);
    if (further === following || text.slice(following, further).includes("=")) {
      break;
    }
    position = further;
  }
  return position;
}

function unquoted(value: string): string {
  const first = value.charAt(0);
  return value.length > 1 && (first === '"' || first === "'") && value.endsWith(first) ? value.slice(1, -1) : value;
}

function skipBlanks(text: string, start: number): number {
  return matchEnd(/\s*/y, text, start);
}

function matchEnd(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  const match = pattern.exec(text);
  return match === null ? start : start + match[0].length;
}
