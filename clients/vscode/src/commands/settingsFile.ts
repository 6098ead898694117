/** Where a file that holds settings of promptls, or front matter, sets a model or a budget. */
import type { Lines } from "./directive";
import type { ChoiceKey } from "./choice";

/** Names as the files spell them; `files` are rules for the documents that a glob matches. */
const TOML_NAMES: Record<ChoiceKey, string[]> = {
  model: ["model", "files.model"],
  budget: ["budget.document", "files.document"],
};
const INLINE_BUDGET = /\bdocument\s*=/;

/**
 * The line of a TOML file that sets the key; undefined where none does.
 *
 * @param table - Below which table the settings stand: "" in `promptls.toml`, `tool.promptls` in `pyproject.toml`.
 */
export function tomlLine(text: string, key: ChoiceKey, table: string): number | undefined {
  let within = "";
  for (const [number, line] of text.split(/\r\n|\r|\n/).entries()) {
    const header = /^\s*\[\[?\s*([^\]#]+?)\s*\]/.exec(line)?.[1];
    if (header !== undefined) {
      within = dotted(header);
      continue;
    }
    const [, written, value = ""] = /^\s*([\w."'-]+(?:\s*\.\s*[\w"'-]+)*)\s*=(.*)$/.exec(line) ?? [];
    if (written === undefined) {
      continue;
    }
    const name = below(within === "" ? dotted(written) : `${within}.${dotted(written)}`, table);
    if (name === undefined) {
      continue;
    }
    if (TOML_NAMES[key].includes(name) || (key === "budget" && name === "budget" && INLINE_BUDGET.test(value))) {
      return number;
    }
  }
  return undefined;
}

/** The line of the front matter that sets the key, at its top or below `promptls:`. */
export function frontMatterLine(
  lines: readonly string[],
  { start, end }: Lines,
  key: ChoiceKey,
): number | undefined {
  let inOwn = false;
  for (let number = start; number < end; number += 1) {
    const [, indent = "", name] = /^(\s*)["']?([A-Za-z_][\w-]*)["']?\s*:/.exec(lines[number] ?? "") ?? [];
    if (name === undefined) {
      continue;
    }
    if (indent === "") {
      inOwn = name === "promptls";
    }
    if (name === key && (indent === "" || inOwn)) {
      return number;
    }
  }
  return undefined;
}

function dotted(name: string): string {
  return name.replace(/["'\s]/g, "");
}

function below(name: string, table: string): string | undefined {
  if (table === "") {
    return name;
  }
  return name.startsWith(`${table}.`) ? name.slice(table.length + 1) : undefined;
}
