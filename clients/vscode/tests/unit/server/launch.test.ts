import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { cp, mkdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { type Bundle, readBundle } from "../../../src/server/bundle";
import { readComplete } from "../../../src/server/environmentFiles";
import { findServer, listInterpreters, repairServer } from "../../../src/server/launch";
import type { Interpreter, LaunchProblem, LaunchRequest } from "../../../src/server/model";
import { minorOf } from "../../../src/server/probe";
import { workspace } from "../vscode";
import {
  EXTENSION,
  fakePython,
  NO_SYSTEM,
  program,
  type Recorded,
  recorded,
  systemWith,
  temporaryFolder,
} from "./fixtures";
import { answers, inAnotherWindow, type InEnvironment, launched, problem } from "./launched";

suite("starting the server", function () {
  this.timeout(300_000);
  const root = temporaryFolder();
  const extension = join(root, "extension");
  /** This machine, as a window sees it that was started without a PATH. */
  const system = systemWith("", root);
  let bundle: Bundle;
  let made: InEnvironment;
  let count = 0;
  const fresh = (): string => join(root, `storage ${(count += 1)}`);
  const asking = (storage: string, changes: Partial<LaunchRequest> = {}): Recorded =>
    recorded(storage, { extensionFolder: extension, ...changes });
  const environments = (storage: string): string[] => readdirSync(join(storage, "environments"));

  suiteSetup(async function () {
    if ((await readBundle(EXTENSION)) === undefined) {
      // scripts/bundle_wheels.py makes it.
      this.skip();
    }
    // A copy, since a build may write another bundle meanwhile.
    await cp(join(EXTENSION, "bundled"), join(extension, "bundled"), { recursive: true });
    bundle = (await readBundle(extension))!;
    made = launched(await findServer(asking(fresh()).request, system));
  });

  teardown(() => {
    workspace.workspaceFolders = undefined;
  });

  /** A storage of its own with the shell of an environment: complete to look at, but without packages. */
  async function hollow(): Promise<{ storage: string; launch: InEnvironment }> {
    const storage = fresh();
    const environment = join(storage, "environments", basename(made.environment));
    for (const name of ["bin", "pyvenv.cfg", "complete.json"]) {
      await cp(join(made.environment, name), join(environment, name), { recursive: true, verbatimSymlinks: true });
    }
    return { storage, launch: { ...made, environment, command: join(environment, "bin", "python") } };
  }

  test("works without PATH", async () => {
    assert.equal(made.interpreter?.source, "system");
    assert.ok(await answers(made));
  });

  test("works with every Python of this machine, and runs nothing the next time", async () => {
    const storage = fresh();
    const found = await listInterpreters(asking(storage).request);
    const perVersion = new Map(found.map((one): [string, Interpreter] => [minorOf(one.version), one]));
    assert.ok(perVersion.size > 0);
    for (const { path, version } of perVersion.values()) {
      const { request, lines, progress } = asking(storage, { interpreter: path });
      const launch = launched(await findServer(request));
      assert.deepEqual(launch.args, ["-I", "-m", "promptls", "server", "--log-level", "warning"]);
      assert.deepEqual(launch.interpreter, { path, version, source: "setting" });
      assert.equal(launch.cwd, storage);
      assert.match(progress.join(), new RegExp(`with Python ${version}`));
      assert.ok(await answers(launch), lines.join("\n"));
      const again = asking(storage, { interpreter: path });
      assert.deepEqual(launched(await findServer(again.request)), launch);
      assert.deepEqual(again.progress, []);
      assert.equal(again.lines.length, 1, again.lines.join("\n"));
    }
    assert.equal(environments(storage).length, perVersion.size);
  });

  test("makes one environment, offline, when two windows begin at once", async () => {
    const script = join(root, "window.cjs");
    const options = ["--bundle", "--platform=node", "--alias:vscode=./tests/unit/vscode.ts", `--outfile=${script}`];
    const entry = "tests/unit/server/window.ts";
    const build = spawnSync("node_modules/.bin/esbuild", [entry, ...options, "--log-level=error"]);
    assert.equal(build.status, 0, build.stderr.toString());
    const storageFolder = fresh();
    const prefix = spawnSync("unshare", ["-n", "true"]).status === 0 ? ["unshare", "-n"] : [];
    const request = { storageFolder, extensionFolder: extension };
    const windows = await Promise.all([1, 2].map(() => inAnotherWindow(script, request, prefix)));
    const folders = windows.map(({ found }) => launched(found).environment);
    assert.equal(folders[0], folders[1]);
    const lines = windows.flatMap((window) => window.lines);
    assert.equal(lines.filter((line) => line.startsWith("made ")).length, 1, lines.join("\n"));
    assert.equal(environments(storageFolder).length, 1);
  });

  test("takes, untrusted, what a search of the system has made", async () => {
    const { storage, launch } = await hollow();
    const { request, lines } = asking(storage, { trusted: false });
    assert.equal(launched(await findServer(request, NO_SYSTEM)).environment, launch.environment);
    assert.equal(lines.length, 1);
  });

  test("does not take, untrusted, what was made from a Python of the workspace", async () => {
    const { storage, launch } = await hollow();
    workspace.workspaceFolders = [{ uri: { fsPath: dirname(launch.interpreter?.path ?? "") } }];
    const { request } = asking(storage, { trusted: false });
    assert.equal(problem(await findServer(request, NO_SYSTEM)).code, "no-python");
  });

  suite("takes an environment for broken", () => {
    const check = (name: string, damage: (environment: string) => Promise<unknown>): void => {
      test(name, async () => {
        const { environment } = (await hollow()).launch;
        assert.notEqual(await readComplete(environment, bundle), undefined);
        await damage(environment);
        assert.equal(await readComplete(environment, bundle), undefined);
      });
    };
    const mark = (folder: string): string => join(folder, "complete.json");
    const changed = (from: RegExp, to: string) => async (folder: string) =>
      writeFile(mark(folder), (await readFile(mark(folder), "utf8")).replace(from, to));
    check("without its mark", (folder) => rm(mark(folder)));
    check("with half a mark", (folder) => truncate(mark(folder), 20));
    check("without its interpreter", (folder) => rm(join(folder, "bin", "python")));
    check("whose base was replaced", changed(/"size":\d+/, '"size":1'));
    check("whose base has gone", changed(/"base":\{"path":"/, '"base":{"path":"/gone'));
    check("of other wheels", changed(/"digest":"./, '"digest":"-'));
  });

  test("makes a broken environment anew, after a window that ended while it made it", async () => {
    const { storage, launch } = await hollow();
    await rm(join(launch.environment, "complete.json"));
    const ended = spawnSync(process.execPath, ["-e", ""]).pid;
    await writeFile(`${launch.environment}.lock`, JSON.stringify({ id: "x", process: ended, host: hostname() }));
    await mkdir(join(storage, "environments", ".new-left"));
    const next = launched(await findServer(asking(storage).request, system));
    assert.equal(next.environment, launch.environment);
    assert.ok(await answers(next));
    assert.equal(existsSync(`${launch.environment}.lock`), false);
  });

  test("repairs an environment whose server ends at once, once; other windows keep the broken one", async () => {
    const { storage, launch } = await hollow();
    assert.equal(await answers(launch), false);
    const other = spawn(process.execPath, ["-e", "setTimeout(() => {}, 300_000)"]);
    await mkdir(join(launch.environment, "windows"));
    await writeFile(join(launch.environment, "windows", `${other.pid ?? 0}@${hostname()}`), "");
    const repaired = launched(await repairServer(asking(storage).request, launch, system));
    other.kill();
    assert.notEqual(repaired.environment, launch.environment);
    assert.ok(existsSync(launch.command));
    assert.ok(await answers(repaired));
    assert.deepEqual(launched(await findServer(asking(storage).request, NO_SYSTEM)), repaired);
    const again = problem(await repairServer(asking(storage).request, repaired, system));
    assert.equal(again.code, "environment-failed");
  });

  test("leaves nothing behind when it is cancelled", async () => {
    const storage = fresh();
    const { request, cancel } = asking(storage);
    request.progress = () => setTimeout(cancel, 500);
    assert.equal(problem(await findServer(request, system)).code, "cancelled");
    assert.deepEqual(environments(storage), []);
  });

  test("says what fails when a wheel is damaged, and leaves nothing behind", async () => {
    const [damaged, storage] = [join(root, "damaged"), fresh()];
    await cp(join(extension, "bundled"), join(damaged, "bundled"), { recursive: true });
    const wheels = join(damaged, "bundled", "wheels");
    await truncate(join(wheels, readdirSync(wheels).find((name) => name.startsWith("pygls-"))!), 1000);
    const interpreter = made.interpreter?.path ?? "";
    const { request } = asking(storage, { extensionFolder: damaged, interpreter });
    const { code, message } = problem(await findServer(request, system));
    assert.equal(code, "environment-failed");
    assert.match(message, /the packages could not be installed: .*pygls/);
    assert.deepEqual(environments(storage), []);
  });

  suite("says what stands in the way", () => {
    const check = (
      code: LaunchProblem["code"],
      message: RegExp,
      changes: Partial<LaunchRequest> | (() => Promise<Partial<LaunchRequest>>),
      machine = system,
    ): void => {
      test(`${code}: ${message.source}`, async () => {
        const settings = typeof changes === "function" ? await changes() : changes;
        const found = problem(await findServer(asking(fresh(), settings).request, machine));
        assert.equal(found.code, code, found.message);
        assert.match(found.message, message);
      });
    };
    const fake = (version: string) => async () => {
      return { interpreter: await fakePython(join(root, `fake ${version}`), version) };
    };
    check("no-python", /needs Python 3\.11 to 3\.14, and none was found\. Install it/, {}, NO_SYSTEM);
    check("wheels-missing", /\.vsix/, { extensionFolder: root });
    check("interpreter-not-found", /\/none\/python/, { interpreter: "/none/python" });
    check("interpreter-not-found", /absolute path/, { interpreter: "python3" });
    check("interpreter-not-found", /names no program/, { interpreter: EXTENSION });
    check("interpreter-not-supported", /Python 3\.9\.1 is too old/, fake("3.9.1"));
    check("interpreter-not-supported", /does not answer as a Python/, { interpreter: "/bin/true" });
    check("interpreter-not-supported", /3\.15\.0, which is newer/, fake("3.15.0"));
    check("environment-failed", /could not be created: .*no module/, fake("3.12.1"));
    check("server-not-found", /\/none\/promptls/, { serverPath: "/none/promptls" });
    check("server-not-found", /absolute path/, { serverPath: "promptls" });
  });

  test("starts the server that the setting names", async () => {
    const storage = fresh();
    const { request } = asking(storage, { serverPath: "~/promptls", trusted: false, logLevel: "debug" });
    const home = join(root, "home");
    const path = await program(join(home, "promptls"), "exit 1");
    const found = await findServer(request, systemWith("", home));
    assert.equal(found.kind, "launch");
    assert.deepEqual([found.command, found.args, found.cwd], [path, ["server", "--log-level", "debug"], storage]);
    assert.equal(problem(await repairServer(request, found)).code, "server-not-found");
  });
});
