/** A list or tree on screen, read by the accessible names of its rows. */
import type { Locator } from "playwright-core";

export interface ListRow {
  /** What a screen reader says. */
  name: string;
  /** Depth in a tree, from 1. */
  level: number;
}

export class ListView {
  constructor(readonly root: Locator) {}

  /** Rows whose accessible name holds the text. */
  row(text: string | RegExp): Locator {
    const rows = this.root.locator(".monaco-list-row");
    if (typeof text === "string") {
      return rows.and(this.root.locator(`[aria-label*=${JSON.stringify(text)} i]`));
    }
    return rows.filter({ hasText: text });
  }

  /** The rows on screen; rows that have to be scrolled to are not there. */
  async rows(): Promise<ListRow[]> {
    const found: ListRow[] = [];
    for (const row of await this.root.locator(".monaco-list-row").all()) {
      found.push({
        name: (await row.getAttribute("aria-label")) ?? "",
        level: Number((await row.getAttribute("aria-level")) ?? "1"),
      });
    }
    return found;
  }

  async names(): Promise<string[]> {
    return (await this.rows()).map((row) => row.name);
  }
}
