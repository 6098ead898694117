/** Which windows use which environment, and the removal of those that none uses any more. */
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { removeFolder } from "./environmentFiles";
import { isRunning } from "./environmentLock";

const DAY = 24 * 60 * 60 * 1000;
/** Milliseconds that an environment is kept after its last use: another version may come back. */
const KEPT = 7 * DAY;
/** Milliseconds after which what a making or a removal left behind is of no use to anyone. */
const LEFT_BEHIND = DAY;

const WINDOWS = "windows";

/** Note that this window (its process) uses an environment, unless the storage can only be read. */
export async function recordUse(environment: string): Promise<void> {
  const path = join(environment, WINDOWS, `${process.pid}@${hostname()}`);
  await mkdir(dirname(path), { recursive: true })
    .then(() => writeFile(path, ""))
    .catch(() => undefined);
}

/** Take the note back. */
export async function forgetUse(environment: string): Promise<void> {
  await rm(join(environment, WINDOWS, `${process.pid}@${hostname()}`), { force: true });
}

/** Whether a window on this machine uses an environment. */
export async function isUsed(environment: string): Promise<boolean> {
  const names = await readdir(join(environment, WINDOWS)).catch(() => []);
  return names.some((name) => {
    const [id, host] = name.split("@");
    return host === hostname() && isRunning(Number(id));
  });
}

/** When a window last began to use an environment; when it was made, where none did. */
async function lastUse(environment: string): Promise<number> {
  const folder = join(environment, WINDOWS);
  const names = await readdir(folder).catch(() => []);
  const paths = [environment, folder, ...names.map((name) => join(folder, name))];
  const times = await Promise.all(paths.map((path) => stat(path).then(({ mtimeMs }) => mtimeMs, () => 0)));
  return Math.max(...times);
}

/**
 * Remove the environments that no window uses and none has used for a week, and what was left behind.
 * @param keep the environment in use
 * @param now milliseconds since the epoch
 * @returns the names of what was removed
 */
export async function removeUnused(folder: string, keep: string, now: number): Promise<string[]> {
  const removed: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory() || entry.name === basename(keep)) {
      continue;
    }
    if (entry.name.startsWith(".")) {
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: now }));
      if (now - mtimeMs > LEFT_BEHIND) {
        await rm(path, { recursive: true, force: true }).catch(() => undefined);
      }
    } else if (!(await isUsed(path)) && now - (await lastUse(path)) > KEPT && (await removeFolder(path))) {
      removed.push(entry.name);
    }
  }
  return removed;
}
