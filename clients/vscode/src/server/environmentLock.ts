/** A lock in the file system that several windows respect. */
import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import type { CancellationToken } from "vscode";
import { throwIfCancelled } from "./processes";

/** Milliseconds between signs of life of the holder. */
const BEAT = 2_000;
/** Milliseconds without a sign of life after which a lock is broken. */
const STALE = 30_000;
/** Milliseconds between two tries to get the lock. */
const PAUSE = 200;

interface Holder {
  id: string;
  process: number;
  host: string;
}

export interface LockOptions {
  token: CancellationToken;
  /** Told once when another window holds the lock. */
  onWait: () => void;
}

/**
 * Do some work while no other process that asks for this lock does. A lock is broken when its process
 * has ended, or (on another machine that shares the storage) gives no sign of life for half a minute.
 * @throws CancelledError while waiting
 */
export async function withLock<T>(path: string, { token, onWait }: LockOptions, work: () => Promise<T>): Promise<T> {
  const holder: Holder = { id: randomUUID(), process: process.pid, host: hostname() };
  for (let waited = false; !(await acquire(path, holder)); waited = true) {
    throwIfCancelled(token);
    if (!waited) {
      onWait();
    }
    if (!(await breakStale(path))) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, BEAT);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    if ((await holderOf(path))?.id === holder.id) {
      await rm(path, { force: true });
    }
  }
}

async function acquire(path: string, holder: Holder): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    await file.writeFile(JSON.stringify(holder)).finally(() => file.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      return false;
    }
    throw error;
  }
}

async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}

/** Break a lock that nobody holds any more; true where there may be none now. */
async function breakStale(path: string): Promise<boolean> {
  const holder = await holderOf(path);
  const status = await stat(path).catch(() => undefined);
  if (status === undefined) {
    return true;
  }
  const ended = holder?.host === hostname() && !isRunning(holder.process);
  if (!ended && Date.now() - status.mtimeMs < STALE) {
    return false;
  }
  // Another window may have broken it and taken its place: what was moved away is looked at again.
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return false;
  }
  const moved = await holderOf(aside);
  if (moved?.id !== holder?.id) {
    await rename(aside, path).catch(() => undefined);
    return false;
  }
  await rm(aside, { force: true });
  return true;
}

/** Whether a process of this machine runs. */
export function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
