/** Windows of one editor, opened one after the other in one browser: the second finds what the first has cached. */
import type { BrowserContext, Page } from "playwright-core";
import { TestBrowser } from "../harness/browser";
import { CodeServer } from "../harness/codeServer";
import { Workbench } from "../harness/workbench";
import type { Workspace } from "../harness/workspace";

/** An extension to be measured, and how to know it. */
export interface Subject {
  extension: string;
  /** How the editor's list of running extensions begins its row. */
  title: string;
  /** The heading of the document that is open, as the window shows it before anything else. */
  heading: RegExp;
  /** The same line with its first hint. */
  hint: RegExp;
}

/** All in milliseconds. */
export interface Times {
  /** From the window being there, with the document's text, to its first hint. */
  toHints: number;
  /** What the editor tells for loading and activating; other extensions, activated meanwhile, are in it. */
  told: number;
  /** The extension's own code, to be loaded and to activate, by its own clock; NaN where it tells none. */
  own: number;
}

/** What the page notes of itself; a test that asked again and again would keep a processor busy. */
interface Noted {
  shown?: number;
  hinted?: number;
}

export class EditorWindows {
  private constructor(
    private readonly workspace: Workspace,
    private readonly server: CodeServer,
    private readonly browser: TestBrowser,
    private readonly context: BrowserContext,
    private readonly subject: Subject,
  ) {}

  static async start(subject: Subject, workspace: Workspace, storage: string): Promise<EditorWindows> {
    const server = await CodeServer.start({ extensions: [subject.extension], storage });
    const browser = await TestBrowser.launch();
    const context = await browser.newContext();
    await context.addInitScript(noteTimes, [subject.heading.source, subject.hint.source] as const);
    return new EditorWindows(workspace, server, browser, context, subject);
  }

  /** Opens a window on a document, waits for its first hint, and closes it. */
  async open(file: string): Promise<Times> {
    const page = await this.context.newPage();
    const workbench = await Workbench.open(page, this.server.window(this.workspace.opened, this.workspace.path(file)));
    await page.waitForFunction("globalThis.noted.hinted !== undefined", undefined, { polling: 250 });
    const noted = await page.evaluate<Noted>("globalThis.noted");
    const told = await this.activationOf(page, workbench);
    const own = await this.ownActivation();
    await page.close();
    return { toHints: noted.hinted! - noted.shown!, told, own };
  }

  async end(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await this.workspace.remove();
  }

  /** The newest: every window has a log of its own, by the number of its extension host. */
  private async ownActivation(): Promise<number> {
    const told = [...(await this.server.logs()).matchAll(/^(\S+ \S+) \[info\] activated in (\d+) ms/gm)];
    const newest = told.sort(([, one = ""], [, other = ""]) => one.localeCompare(other)).at(-1);
    return Number(newest?.[2]);
  }

  private async activationOf(page: Page, workbench: Workbench): Promise<number> {
    // The list is sorted by time, and only the rows in view are there.
    await page.setViewportSize({ width: 1280, height: 3000 });
    await workbench.runCommand("Developer: Show Running Extensions");
    const rows = page.locator(".runtime-extensions-editor .monaco-list-row");
    const row = await rows.filter({ hasText: new RegExp(`^${this.subject.title}`) }).textContent();
    return Number(/Activation: (\d+)ms/.exec(row ?? "")?.[1]);
  }
}

/** Runs in the page: looks at the lines on screen fifty times a second. */
function noteTimes([heading, hint]: readonly [string, string]): void {
  const page = globalThis as unknown as { noted: Noted; document: { querySelectorAll(of: string): Iterable<{ textContent: string }> } };
  const noted: Noted = (page.noted = {});
  const [first, second] = [new RegExp(heading), new RegExp(hint)];
  const timer = setInterval(() => {
    const lines = [...page.document.querySelectorAll(".view-line")].map(({ textContent }) => textContent.replaceAll("\u00a0", " "));
    if (lines.some((line) => first.test(line))) {
      noted.shown ??= performance.now();
    }
    if (lines.some((line) => second.test(line))) {
      noted.hinted = performance.now();
      clearInterval(timer);
    }
  }, 20);
}
