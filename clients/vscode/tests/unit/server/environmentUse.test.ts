import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { forgetUse, isUsed, recordUse, removeUnused } from "../../../src/server/environmentUse";
import { temporaryFolder } from "./fixtures";

const DAY = 24 * 60 * 60 * 1000;

suite("environments that nobody uses", () => {
  const root = temporaryFolder();
  const ended = spawnSync(process.execPath, ["-e", ""]).pid;
  const now = Date.now();

  /** An environment, last used some days ago by some windows. */
  async function environment(name: string, days: number, windows: string[]): Promise<void> {
    const then = new Date(now - days * DAY);
    const folder = join(root, name);
    await mkdir(join(folder, "windows"), { recursive: true });
    for (const window of windows) {
      await writeFile(join(folder, "windows", window), "");
      await utimes(join(folder, "windows", window), then, then);
    }
    await utimes(join(folder, "windows"), then, then);
    await utimes(folder, then, then);
  }

  test("are removed, the others are kept", async () => {
    await environment("current", 30, []);
    await environment("old", 30, [`${ended}@${hostname()}`]);
    await environment("never used", 30, []);
    await environment("in use", 30, [`${ended}@${hostname()}`, `${process.pid}@${hostname()}`]);
    await environment("young", 3, [`${ended}@${hostname()}`]);
    await environment(".new-left", 2, []);
    await environment(".new-under-way", 0, []);
    await writeFile(join(root, "some.lock"), "");
    assert.deepEqual((await removeUnused(root, join(root, "current"), now)).sort(), ["never used", "old"]);
    assert.deepEqual((await readdir(root)).sort(), [".new-under-way", "current", "in use", "some.lock", "young"]);
  });

  test("are those whose window has gone", async () => {
    const folder = join(root, "mine");
    assert.equal(await isUsed(folder), false);
    await recordUse(folder);
    assert.equal(await isUsed(folder), true);
    await forgetUse(folder);
    assert.equal(await isUsed(folder), false);
  });

  test("need not be there", async () => {
    assert.deepEqual(await removeUnused(join(root, "nowhere"), join(root, "nowhere", "x"), now), []);
  });
});
