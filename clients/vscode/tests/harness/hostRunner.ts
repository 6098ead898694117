/**
 * Runs the Mocha tests of tests/host inside the real extension host: `node hostRunner.cjs [--grep TEXT] [LAUNCH…]`.
 * Each launch is an editor of its own, with a workspace and settings of its own.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launches, type Launch } from "../host/launches";
import { TestBrowser } from "./browser";
import { CodeServer } from "./codeServer";
import { FollowedFile } from "./followedFile";
import { extensionFolder, removeFolder, temporaryFolder, testsOutput } from "./folders";
import type { Workspace } from "./workspace";

/** How long all tests of one launch may take together. */
const launchTimeout = 15 * 60_000;

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { grep: { type: "string" } }, allowPositionals: true });
  if (!existsSync(join(extensionFolder, "dist", "extension.js"))) {
    throw new Error("the extension is not bundled: npm run bundle");
  }
  // All launches share the environment that the first of them makes.
  const storage = temporaryFolder();
  const failed: string[] = [];
  for (const name of positionals.length > 0 ? positionals : Object.keys(launches)) {
    const launch = launches[name];
    if (launch === undefined) {
      throw new Error(`no launch is called ${name}; there are ${Object.keys(launches).join(", ")}`);
    }
    console.log(`\n${name}: ${launch.about}`);
    if (!(await runLaunch(name, launch, storage, values.grep))) {
      failed.push(name);
    }
  }
  await removeFolder(storage);
  if (failed.length > 0) {
    throw new Error(`tests failed in: ${failed.join(", ")}`);
  }
}

/** Whether all tests of the launch passed. */
async function runLaunch(name: string, launch: Launch, storage: string, grep: string | undefined): Promise<boolean> {
  const tests = join(testsOutput, "host", name);
  if (!existsSync(tests) || !readdirSync(tests).some((file) => file.endsWith(".test.cjs"))) {
    throw new Error(`there are no tests in tests/host/${name}`);
  }
  const scratch = temporaryFolder();
  const output = new FollowedFile(join(scratch, "output.txt"));
  const workspace = await launch.workspace();
  const server = await startEditor(launch, storage, {
    PROMPTLS_HOST_TESTS: tests,
    PROMPTLS_HOST_OUTPUT: output.path,
    ...(grep === undefined ? {} : { PROMPTLS_HOST_GREP: grep }),
  });
  const browser = await TestBrowser.launch();
  try {
    const exitCode = await runInWindow(server, browser, workspace);
    await output.stop();
    if (exitCode !== 0) {
      const logs = join(extensionFolder, "out", "failures", `host-${name}`);
      await server.keepLogs(logs);
      console.error(`the logs are in ${logs}`);
    }
    return exitCode === 0;
  } finally {
    await browser.close();
    await server.stop();
    await workspace.remove();
    await removeFolder(scratch);
  }
}

async function startEditor(launch: Launch, storage: string, environment: Record<string, string>): Promise<CodeServer> {
  return await CodeServer.start({
    settings: launch.settings ?? {},
    machineSettings: launch.machineSettings ?? {},
    asksForTrust: launch.untrusted ?? false,
    environment: { ...launch.environment, ...environment },
    storage,
    smokeTestDriver: true,
  });
}

/** Opens the window whose extension host runs the tests, and waits for the code that it ends with. */
async function runInWindow(server: CodeServer, browser: TestBrowser, workspace: Workspace): Promise<number> {
  const page = await browser.newPage();
  const ended = new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => { reject(new Error("the tests did not end in time")); }, launchTimeout);
    const onExit = (code: number): void => {
      clearTimeout(timer);
      resolve(code);
    };
    page.once("crash", () => { reject(new Error("the window crashed")); });
    // With the smoke test driver on, the workbench calls these two by name.
    void page.exposeFunction("codeAutomationExit", onExit);
    void page.exposeFunction("codeAutomationLog", () => undefined);
  });
  const address = server.window(workspace.opened, undefined, [
    ["extensionDevelopmentPath", server.remoteUri(extensionFolder)],
    ["extensionTestsPath", server.remoteUri(join(testsOutput, "harness", "mochaInHost.cjs"))],
  ]);
  await page.goto(address);
  return await ended;
}
