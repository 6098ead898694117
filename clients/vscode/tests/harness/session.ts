/** All that a test in the browser needs: a workspace, an editor with promptls in it, a window, and their end. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { TestBrowser, type WindowSize } from "./browser";
import { CodeServer, type CodeServerOptions } from "./codeServer";
import { extensionFolder } from "./folders";
import { packedExtension } from "./vsix";
import { Workbench } from "./workbench";
import type { Workspace } from "./workspace";

export interface SessionOptions extends Omit<CodeServerOptions, "storage"> {
  workspace: () => Promise<Workspace>;
  /** The file that is open in the window, from the first root. */
  open?: string;
  window?: WindowSize;
  /** The extension has never run here: it has to make its environment. */
  firstRun?: boolean;
}

export class Session {
  private constructor(
    readonly workspace: Workspace,
    readonly server: CodeServer,
    readonly browser: TestBrowser,
    readonly workbench: Workbench,
  ) {}

  /** Starts an editor with the packed extension, or with the extensions named, and opens its window. */
  static async start(options: SessionOptions): Promise<Session> {
    const { workspace, server, browser } = await startParts(options);
    const file = options.open === undefined ? undefined : workspace.path(options.open);
    const page = await browser.newPage(options.window);
    const workbench = await Workbench.open(page, server.window(workspace.opened, file));
    return new Session(workspace, server, browser, workbench);
  }

  /** Keeps a picture and the logs for somebody to look at. */
  async keepEvidence(name: string): Promise<void> {
    const folder = join(extensionFolder, "out", "failures", name.replaceAll(/[^\w-]+/g, "-"));
    await mkdir(folder, { recursive: true });
    await this.workbench.screenshot("window", folder);
    await this.server.keepLogs(folder);
  }

  async end(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await this.workspace.remove();
  }
}

/** Gives the tests of a Mocha suite one session, started before the first of them and ended after the last. */
export function sessionOfSuite(options: SessionOptions | (() => Promise<SessionOptions>)): () => Session {
  let session: Session | undefined;
  suiteSetup(async () => {
    session = await Session.start(typeof options === "function" ? await options() : options);
  });
  teardown(async function () {
    const test = this.currentTest;
    // A test that is tried again has no state yet.
    if (test !== undefined && test.state !== "passed" && !test.isPending()) {
      await session?.keepEvidence(test.state === "failed" ? test.fullTitle() : `${test.fullTitle()} first try`);
    }
  });
  suiteTeardown(async () => {
    await session?.end();
  });
  return () => session!;
}

async function startParts(options: SessionOptions): Promise<Pick<Session, "workspace" | "server" | "browser">> {
  const extensions = options.extensions ?? [packedExtension()];
  const storage = options.firstRun === true ? undefined : process.env["PROMPTLS_TEST_STORAGE"];
  const workspace = await options.workspace();
  let server: CodeServer | undefined;
  try {
    server = await CodeServer.start({ ...options, extensions, ...(storage === undefined ? {} : { storage }) });
    return { workspace, server, browser: await TestBrowser.launch() };
  } catch (error) {
    await server?.stop();
    await workspace.remove();
    throw error;
  }
}
