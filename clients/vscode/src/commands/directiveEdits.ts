/** Changes to the directives of a document, as edits of its text. */
import type { Section } from "../protocol";
import { type Directive, findDirectives, frontMatterLines, type Lines } from "./directive";

export type DirectiveKey = "model" | "budget" | "dialect";

/** A change in one place; lines and columns count from 0, columns in UTF-16 code units. */
export interface TextChange {
  start: { line: number; character: number };
  end: { line: number; character: number };
  newText: string;
}

/** What of the report says where directives count. */
export type Placed = Pick<Section, "kind" | "range">;

/** The directives that set a key of the document, the one that decides last. */
export function directivesOf(lines: readonly string[], sections: readonly Placed[], key: DirectiveKey): Directive[] {
  const all = findDirectives(lines, frontMatterOf(lines, sections));
  return all.filter(
    (directive) => directive.pairs.some((pair) => pair.key === key) && counts(directive, sections, key),
  );
}

/** The value that directives give a key of the document; undefined where none does. */
export function directiveValue(
  lines: readonly string[],
  sections: readonly Placed[],
  key: DirectiveKey,
): string | undefined {
  const deciding = directivesOf(lines, sections, key).at(-1);
  return deciding?.pairs.findLast((pair) => pair.key === key)?.value;
}

/**
 * The change that has a directive set a key of the document.
 *
 * The pair that decides is changed; else a directive of the whole document gets one more; else a
 * new directive stands at the top, below the front matter.
 */
export function setInDocument(
  lines: readonly string[],
  sections: readonly Placed[],
  key: DirectiveKey,
  value: string,
): TextChange {
  const written = `${key}=${/[\s"']/.test(value) ? `"${value.replaceAll('"', "")}"` : value}`;
  const deciding = directivesOf(lines, sections, key).at(-1);
  const pair = deciding?.pairs.findLast((one) => one.key === key);
  if (deciding !== undefined && pair !== undefined) {
    return inLine(deciding.line, pair.start, pair.end, written);
  }
  const frontMatter = frontMatterOf(lines, sections);
  const shared = findDirectives(lines, frontMatter).find(({ line }) => standsOutside(line, sections));
  if (shared !== undefined) {
    return inLine(shared.line, shared.insertAt, shared.insertAt, ` ${written}`);
  }
  const directive = `<!-- promptls: ${written} -->`;
  const line = frontMatter?.end ?? 0;
  const last = lines.length - 1;
  return line > last
    ? inLine(last, lines[last]?.length ?? 0, lines[last]?.length ?? 0, `\n${directive}\n`)
    : inLine(line, 0, 0, `${directive}\n`);
}

/** The changes that take a key of the document out of all directives; a line that then says nothing goes. */
export function removeFromDocument(
  lines: readonly string[],
  sections: readonly Placed[],
  key: DirectiveKey,
): TextChange[] {
  return directivesOf(lines, sections, key).flatMap(({ line, pairs }) => {
    if (pairs.every((pair) => pair.key === key)) {
      return [wholeLine(lines, line)];
    }
    const text = lines[line] ?? "";
    return pairs
      .filter((pair) => pair.key === key)
      .map(({ start, end }) => inLine(line, text.slice(0, start).trimEnd().length, end, ""));
  });
}

/** Where the front matter stands that the report tells of. */
export function frontMatterOf(lines: readonly string[], sections: readonly Placed[]): Lines | undefined {
  const section = sections.find(({ kind }) => kind === "frontMatter");
  return section === undefined ? undefined : frontMatterLines(lines, section.range.start.line);
}

/** `model` and `dialect` are the document's wherever they stand, `budget` only outside of all sections. */
function counts({ line }: Directive, sections: readonly Placed[], key: DirectiveKey): boolean {
  return key !== "budget" || standsOutside(line, sections);
}

function standsOutside(line: number, sections: readonly Placed[]): boolean {
  const around = sections.findLast(({ range }) => range.start.line <= line && line < endLine(range.end));
  return around === undefined || around.kind === "preamble" || around.kind === "frontMatter";
}

/** The line behind a range: that of its end, unless the end stands in a line's middle. */
function endLine({ line, character }: { line: number; character: number }): number {
  return character > 0 ? line + 1 : line;
}

function inLine(line: number, start: number, end: number, newText: string): TextChange {
  return { start: { line, character: start }, end: { line, character: end }, newText };
}

function wholeLine(lines: readonly string[], line: number): TextChange {
  const before = lines[line - 1];
  if (line + 1 < lines.length) {
    return { start: { line, character: 0 }, end: { line: line + 1, character: 0 }, newText: "" };
  }
  const start = before === undefined ? { line, character: 0 } : { line: line - 1, character: before.length };
  return { start, end: { line, character: lines[line]?.length ?? 0 }, newText: "" };
}
