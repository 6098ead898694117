/** The editor that pictures are taken of: one code-server with the packed extension on a copy of the examples. */
import { readdirSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { TestBrowser, type WindowSize } from "../harness/browser";
import { CodeServer, type Settings } from "../harness/codeServer";
import { extensionFolder, projectFolder, removeFolder, temporaryFolder } from "../harness/folders";
import { packedExtension } from "../harness/vsix";
import { Workbench } from "../harness/workbench";
import { settled } from "./settled";
import { Shell } from "./shell";
import { Shot } from "./shot";

/** The same look for all pictures; what has nothing to do with promptls is out of them. */
const look: Settings = {
  "workbench.colorTheme": "Dark Modern",
  "workbench.activityBar.location": "top",
  "workbench.layoutControl.enabled": false,
  "window.commandCenter": false,
  "editor.fontSize": 13,
  "editor.minimap.enabled": false,
  "editor.cursorBlinking": "solid",
  "editor.occurrencesHighlight": "off",
  "editor.matchBrackets": "never",
  "editor.renderLineHighlight": "none",
  "editor.glyphMargin": false,
  "editor.folding": false,
  "editor.lineDecorationsWidth": 12,
  "editor.lineNumbersMinChars": 3,
  "editor.stickyScroll.enabled": false,
  "editor.hover.enabled": "off",
  "breadcrumbs.enabled": false,
  "explorer.autoReveal": false,
  "terminal.integrated.fontSize": 13,
  // A headless browser without a GPU leaves the canvas out of its pictures.
  "terminal.integrated.gpuAcceleration": "off",
  "terminal.integrated.cursorBlinking": false,
  "terminal.integrated.shellIntegration.enabled": false,
};

/** The prompt that the walkthrough opens, as a file: one of its sections is over its budget. */
export const sample = "prompts/answers.prompt.md";

/** The environment is made at the first start. */
const firstStart = 300_000;

export interface ShotOptions {
  window: WindowSize;
  /** The file that is open, by its path in the workspace. */
  open: string;
}

export class Stage {
  private constructor(
    private readonly server: CodeServer,
    private readonly browser: TestBrowser,
    private readonly folder: string,
    /** The copy of the examples. */
    private readonly workspace: string,
    private readonly storage: string,
    readonly shell: Shell,
  ) {}

  /** Starts the editor; `files` are put beside the examples. */
  static async set(files: Record<string, string>): Promise<Stage> {
    const folder = temporaryFolder();
    const workspace = join(folder, "ferrywell");
    // What an editor has left in the examples is not part of them.
    const isPart = (path: string): boolean => !basename(path).startsWith(".");
    await cp(join(projectFolder, "examples"), workspace, { recursive: true, filter: isPart });
    await cp(join(extensionFolder, "media", "sample.prompt.md"), join(workspace, sample));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(workspace, path)), { recursive: true });
      await writeFile(join(workspace, path), text);
    }
    const storage = process.env["PROMPTLS_TEST_STORAGE"] ?? join(folder, "storage");
    await mkdir(storage, { recursive: true });
    const shell = new Shell(join(folder, "prompts"));
    const settings = { ...look, ...shell.settings };
    const server = await CodeServer.start({ extensions: [packedExtension()], settings, storage });
    return new Stage(server, await TestBrowser.launch(), folder, workspace, storage, shell);
  }

  /** The Python of the extension's environment, once a window has made it. */
  get python(): string {
    const environments = join(this.storage, "environments");
    const [made] = readdirSync(environments, { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && !entry.name.startsWith("."),
    );
    return join(environments, made!.name, "bin", "python");
  }

  /** The first line of a file that matches, from 1. */
  async lineOf(file: string, pattern: RegExp): Promise<number> {
    const lines = (await readFile(join(this.workspace, file), "utf8")).split("\n");
    const line = lines.findIndex((text) => pattern.test(text)) + 1;
    if (line === 0) {
      throw new Error(`no line of ${file} matches ${String(pattern)}`);
    }
    return line;
  }

  /** Opens a new window, at two device pixels for each of its own, hands it over when it shows the figures of its document, and closes it. */
  async shoot({ window, open }: ShotOptions, take: (shot: Shot) => Promise<void>): Promise<void> {
    const page = await this.newPage(window);
    const workbench = await Workbench.open(page, this.server.window(this.workspace, join(this.workspace, open)));
    await workbench.editor.line(/tok/).first().waitFor({ timeout: firstStart });
    await settled(page);
    await take(new Shot(workbench));
    await page.context().close();
  }

  /** The test browser's own pages have one device pixel for each of theirs; that looks coarse in a README. */
  private async newPage(viewport: WindowSize): Promise<Page> {
    const plain = (await this.browser.newPage()).context();
    const context = await plain.browser()!.newContext({ viewport, locale: "en-US", deviceScaleFactor: 2 });
    await plain.close();
    return await context.newPage();
  }

  async strike(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await removeFolder(this.folder);
  }
}
