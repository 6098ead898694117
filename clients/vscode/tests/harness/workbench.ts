/** The window of the editor as a person sees it: palette, status bar, notifications, views; by what is on screen. */
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { EditorPane } from "./editorPane";
import { screenshotsFolder } from "./folders";
import { ListView } from "./listView";

/** How long anything that was asked for may take to appear; nobody waits that long in a good run. */
const patience = 120_000;
const pickAttempts = 6;

export class Workbench {
  readonly editor: EditorPane;
  /** The Problems panel. */
  readonly problems: ListView;

  private constructor(readonly page: Page) {
    this.editor = new EditorPane(page);
    this.problems = new ListView(page.locator(".markers-panel-container"));
  }

  /** Opens a window and waits until it can be used. */
  static async open(page: Page, address: string): Promise<Workbench> {
    page.setDefaultTimeout(patience);
    await page.goto(address);
    await page.locator(".monaco-workbench .part.statusbar .statusbar-item").first().waitFor();
    return new Workbench(page);
  }

  /** Runs a command by its title in the palette. */
  async runCommand(title: string): Promise<void> {
    await this.pick("F1", `>${title}`, title);
  }

  /** Changes the colours by the theme's name in the picker. */
  async chooseTheme(name: string): Promise<void> {
    await this.runCommand("Preferences: Color Theme");
    await this.quickInput.fill(name);
    await this.choose(name);
  }

  /** Opens a file of the workspace by its name. */
  async openFile(name: string): Promise<void> {
    await this.pick("Control+p", name, name);
    await this.tab(name).waitFor();
  }

  /** Opens a picker by its keys and takes a row; again when it closes, as it does when something else takes the focus. */
  private async pick(keys: string, text: string, row: string): Promise<void> {
    const timeout = 5_000;
    for (let attempt = 1; ; attempt += 1) {
      await this.page.keyboard.press(keys);
      try {
        await this.quickInput.fill(text, { timeout });
        await this.quickPicks.row(row).first().click({ timeout });
        return;
      } catch (error) {
        if (attempt === pickAttempts) {
          throw error;
        }
        await this.page.keyboard.press("Escape");
      }
    }
  }

  tab(name: string): Locator {
    return this.page.locator(".tabs-container .tab", { hasText: name });
  }

  /** The input of the palette or of a picker. */
  get quickInput(): Locator {
    return this.page.locator(".quick-input-widget .quick-input-box input");
  }

  /** The rows of an open picker, by their accessible names. */
  get quickPicks(): ListView {
    return new ListView(this.page.locator(".quick-input-widget"));
  }

  /** Takes the first row of the open picker whose accessible name holds the text. */
  async choose(text: string): Promise<void> {
    await this.quickPicks.row(text).first().click();
  }

  /** An item of the status bar by the end of its id. */
  statusItem(id: string): Locator {
    return this.page.locator(`.statusbar-item[id$="${id}"]`);
  }

  /** A toast that holds the text. */
  notification(text: string | RegExp): Locator {
    return this.page.locator(".notifications-toasts .notification-toast", { hasText: text });
  }

  async pressButton(notification: Locator, title: string): Promise<void> {
    await notification.locator(".monaco-button", { hasText: title }).click();
  }

  /** A view of the side bar by its title, unfolded. */
  async view(title: string): Promise<ListView> {
    const pane = this.page.locator(".split-view-view .pane", { has: this.page.locator(`.title:text-is("${title}")`) });
    const header = pane.locator(".pane-header");
    if ((await header.getAttribute("aria-expanded")) !== "true") {
      await header.click();
    }
    return new ListView(pane);
  }

  async showProblems(): Promise<ListView> {
    if (!(await this.problems.root.isVisible())) {
      await this.page.keyboard.press("Control+Shift+m");
    }
    await this.problems.root.waitFor();
    return this.problems;
  }

  /** The page of the webview whose title is shown in a tab; it lies in a frame within a frame. */
  webview(): Locator {
    return this.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame").locator("body");
  }

  /** Takes a picture when nothing is moving: toasts fade in. */
  async screenshot(name: string, folder = screenshotsFolder()): Promise<string> {
    const path = join(folder, `${name}.png`);
    await this.page.screenshot({ path, animations: "disabled", caret: "hide" });
    return path;
  }
}
