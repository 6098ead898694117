import assert from "node:assert/strict";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Bundle } from "../../../src/server/bundle";
import { InterpreterSearch } from "../../../src/server/interpreters";
import type { Interpreter } from "../../../src/server/model";
import { extensions, workspace } from "../vscode";
import { fakePython, recorded, systemWith, temporaryFolder, wasRun } from "./fixtures";

const PLATFORM = `${process.platform}-${process.arch}`;
const BUNDLE: Bundle = {
  ...{ wheels: "/x", pip: "/x/pip.whl", version: "0.1.0", digest: "0123456789" },
  ...{ platform: PLATFORM, pythons: ["3.11", "3.12"] },
};

/** The usable interpreters among the programs in a folder; others of this machine are left out. */
async function search(folder: string, path: string, trusted: boolean): Promise<{ found: Interpreter[]; lines: string[] }> {
  const { request, lines } = recorded(folder, { trusted });
  const found: Interpreter[] = [];
  for await (const interpreter of new InterpreterSearch(request, BUNDLE, systemWith(path, folder)).usable()) {
    if (interpreter.path.startsWith(folder)) {
      found.push(interpreter);
    }
  }
  return { found, lines };
}

suite("the search for an interpreter", function () {
  this.timeout(60_000);
  const root = temporaryFolder();
  let folder = "";
  let bin = "";
  let count = 0;

  setup(async () => {
    folder = join(root, String((count += 1)));
    bin = join(folder, "bin");
    await mkdir(bin, { recursive: true });
  });

  teardown(() => {
    workspace.workspaceFolders = undefined;
    extensions.installed.length = 0;
  });

  test("takes what fits, then what is newer, and says why not the rest", async () => {
    await fakePython(join(bin, "python3.12"), "3.15.1");
    await fakePython(join(bin, "python3.11"), "3.9.2");
    await fakePython(join(bin, "python3"), "3.11.9");
    const { found, lines } = await search(folder, bin, true);
    assert.deepEqual(found.map(({ version }) => version), ["3.11.9", "3.15.1"]);
    assert.match(lines.join("\n"), /python3\.11 is not used: Python 3\.9\.2 is too old/);
  });

  test("asks what is linked twice once", async () => {
    await fakePython(join(bin, "python3.12"), "3.12.1");
    await symlink("python3.12", join(bin, "python3"));
    await symlink("python3.12", join(bin, "python"));
    const { found, lines } = await search(folder, bin, true);
    assert.equal(found.length, 1);
    assert.equal(lines.filter((line) => line.startsWith(`asked ${bin}`)).length, 1);
  });

  test("asks the Python extensions first, if the workspace is trusted", async () => {
    const chosen = await fakePython(join(folder, "chosen", "python"), "3.12.2");
    const other = await fakePython(join(folder, "other", "python"), "3.12.3");
    await fakePython(join(bin, "python3"), "3.12.1");
    const api = {
      environments: {
        getActiveEnvironmentPath: () => ({ path: chosen }),
        resolveEnvironment: (path: { path: string }) => Promise.resolve({ executable: { uri: { fsPath: path.path } } }),
      },
    };
    const environments = { getEnvironment: () => Promise.resolve({ execInfo: { run: { executable: other } } }) };
    extensions.installed.push(
      { id: "ms-python.vscode-python-envs", activate: () => Promise.resolve(environments) },
      { id: "ms-python.python", activate: () => Promise.resolve(api) },
    );
    const sources = (found: Interpreter[]): string[] => found.map(({ source, version }) => `${source} ${version}`);
    const trusted = await search(folder, bin, true);
    assert.deepEqual(sources(trusted.found), ["pythonExtension 3.12.2", "pythonEnvironments 3.12.3", "system 3.12.1"]);
    const untrusted = await search(folder, bin, false);
    assert.deepEqual(sources(untrusted.found), ["system 3.12.1"]);
  });

  test("goes on when a Python extension fails", async () => {
    await fakePython(join(bin, "python3"), "3.12.1");
    extensions.installed.push(
      { id: "ms-python.python", activate: () => Promise.reject(new Error("broken")) },
      { id: "ms-python.vscode-python-envs", activate: () => Promise.resolve(undefined) },
    );
    const { found, lines } = await search(folder, bin, true);
    assert.deepEqual(found.map(({ source }) => source), ["system"]);
    assert.match(lines.join("\n"), /asked ms-python\.python: broken/);
  });

  const refuses = (name: string, place: (workspaceBin: string) => Promise<string>): void => {
    test(`does not run a workspace's Python while it is not trusted: ${name}`, async () => {
      const inside = await fakePython(join(folder, "workspace", "bin", "python3"), "3.12.1");
      workspace.workspaceFolders = [{ uri: { fsPath: join(folder, "workspace") } }];
      const path = await place(join(folder, "workspace", "bin"));
      const untrusted = await search(folder, path, false);
      assert.deepEqual(untrusted.found, []);
      assert.equal(wasRun(inside), false);
      assert.match(untrusted.lines.join("\n"), /is not used: it lies in the workspace/);
      const trusted = await search(folder, path, true);
      assert.deepEqual(trusted.found.map((one) => one.path), [inside]);
    });
  };
  refuses("on PATH", (workspaceBin) => Promise.resolve(workspaceBin));
  refuses("linked to from PATH", async (workspaceBin) => {
    await symlink(join(workspaceBin, "python3"), join(bin, "python3"));
    return bin;
  });
  refuses("in a folder that is linked to from PATH", async (workspaceBin) => {
    await symlink(workspaceBin, join(folder, "link"));
    return join(folder, "link");
  });

  test("does not take a Python outside of the workspace that belongs to one inside of it", async () => {
    workspace.workspaceFolders = [{ uri: { fsPath: join(folder, "workspace") } }];
    await fakePython(join(bin, "python3"), "3.12.1", { base: join(folder, "workspace", "python3") });
    assert.deepEqual((await search(folder, bin, false)).found, []);
  });

  test("never looks into the current folder", async () => {
    const before = process.cwd();
    const here = await fakePython(join(folder, "python3"), "3.12.1");
    process.chdir(folder);
    try {
      assert.deepEqual((await search(folder, ":.:./:bin", true)).found, []);
    } finally {
      process.chdir(before);
    }
    assert.equal(wasRun(here), false);
  });
});
