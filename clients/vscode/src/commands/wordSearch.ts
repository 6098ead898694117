/** Finding items by words in any order; the editor's own filter finds no `sonnet 4` in `claude-sonnet-4-5`. */
import type { QuickPickItem } from "vscode";

interface Entry<T> {
  item: T;
  name: string;
  /** Everything that is shown, in lower case: as it is, and without what separates its parts. */
  texts: [string, string];
}

export class WordSearch<T extends QuickPickItem> {
  private readonly entries: Entry<T>[];

  constructor(items: readonly T[]) {
    this.entries = items.map((item) => {
      const text = [item.label, item.description ?? "", item.detail ?? ""].join("\n").toLowerCase();
      const name = compact(item.label.toLowerCase());
      // The editor is not to filter what was found here.
      return { item: { ...item, alwaysShow: true }, name, texts: [text, compact(text)] };
    });
  }

  /** The items that hold every word, those whose labels begin with the text first; all for no text. */
  find(text: string): T[] {
    const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const found = this.entries.filter(({ texts }) => words.every((word) => holds(texts, word)));
    const beginning = compact(words.join(""));
    if (beginning !== "") {
      const rank = ({ name }: Entry<T>): number => (name.startsWith(beginning) ? 0 : name.includes(beginning) ? 1 : 2);
      found.sort((one, other) => rank(one) - rank(other));
    }
    return found.map(({ item }) => item);
  }
}

function holds([plain, dense]: [string, string], word: string): boolean {
  const short = compact(word);
  return plain.includes(word) || (short !== "" && dense.includes(short));
}

function compact(text: string): string {
  return text.replace(/[\s._/-]+/g, "");
}
