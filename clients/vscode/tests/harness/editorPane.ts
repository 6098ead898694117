/** The active text editor: lines with their hints, squiggles, typing as a person does it. */
import type { Locator, Page } from "playwright-core";

export type SquiggleSeverity = "error" | "warning" | "info" | "hint";

export class EditorPane {
  constructor(readonly page: Page) {}

  get root(): Locator {
    return this.page.locator(".editor-group-container.active .editor-instance");
  }

  /** The lines on screen from top to bottom, hints and code lenses' neighbours included, with plain spaces. */
  async lines(): Promise<string[]> {
    const lines = this.root.locator(".view-line");
    const tops = await lines.evaluateAll((nodes) => nodes.map((node) => Number.parseInt((node as unknown as { style: { top: string } }).style.top)));
    const texts = await lines.allTextContents();
    return texts
      .map((text, index) => ({ text: text.replaceAll("\u00a0", " "), top: tops[index] ?? 0 }))
      .sort((one, other) => one.top - other.top)
      .map(({ text }) => text);
  }

  /** A line on screen, hints included. Spaces in the pattern also match those that the editor draws. */
  line(pattern: RegExp): Locator {
    return this.root.locator(".view-line").filter({ hasText: drawn(pattern) });
  }

  /** Waits for a line on screen, hints included, and gives its text. */
  async waitForLine(pattern: RegExp): Promise<string> {
    const text = await this.line(pattern).first().textContent();
    return (text ?? "").replaceAll("\u00a0", " ");
  }

  squiggles(severity: SquiggleSeverity): Locator {
    return this.root.locator(`.squiggly-${severity}`);
  }

  /** The lines above the text that say what a document costs. */
  get codeLenses(): Locator {
    return this.root.locator(".codelens-decoration");
  }

  /** Puts the cursor at a line and column, both from 1. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.focus();
    await this.page.keyboard.press("Control+g");
    const input = this.page.locator(".quick-input-widget .quick-input-box input");
    await input.fill(`:${line}:${column}`);
    await input.press("Enter");
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  async focus(): Promise<void> {
    await this.root.locator(".native-edit-context, textarea.inputarea").first().focus();
  }

  /** Types at an even pace, each key at its own time however long the one before took. */
  async type(text: string, keysPerSecond = 50): Promise<void> {
    const start = Date.now();
    for (const [index, key] of Array.from(text).entries()) {
      const due = start + (index * 1000) / keysPerSecond;
      await this.page.waitForTimeout(Math.max(0, due - Date.now()));
      await this.page.keyboard.press(key === "\n" ? "Enter" : key === " " ? "Space" : key);
    }
  }

  /** Saves and waits until the tab no longer says that there are unsaved changes. */
  async save(): Promise<void> {
    await this.page.keyboard.press("Control+s");
    await this.page.locator(".tab.active.dirty").waitFor({ state: "detached" });
  }

  /** Shows the hover of the word under the cursor. */
  async showHover(): Promise<Locator> {
    await this.page.keyboard.press("Control+k");
    await this.page.keyboard.press("Control+i");
    const hover = this.page.locator(".monaco-editor .monaco-hover:not(.hidden)");
    await hover.first().waitFor();
    return hover.first();
  }

  /** Opens the quick fixes at the cursor. */
  async showQuickFixes(): Promise<Locator> {
    await this.page.keyboard.press("Control+.");
    // The first one is the menu, the second a submenu that is empty.
    const menu = this.page.locator(".context-view .action-widget").first();
    await menu.waitFor();
    return menu;
  }
}

function drawn(pattern: RegExp): RegExp {
  return new RegExp(pattern.source.replaceAll(" ", "[ \\u00a0]"), pattern.flags);
}
