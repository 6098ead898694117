/** The files of the private environments: where they are, and which of them are complete. */
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Bundle } from "./bundle";
import type { Interpreter } from "./model";
import { minorOf } from "./probe";
import { isProgram, realPath } from "./system";

/** A file as it was when it was looked at. */
export interface Stamp {
  path: string;
  realPath: string;
  size: number;
  mtimeMs: number;
}

/** How an interpreter was chosen. */
export interface Origin {
  source: Interpreter["source"];
  /** For a setting its value; empty otherwise. */
  path: string;
}

/** What the file says that marks an environment as complete. */
export interface Marker {
  format: number;
  digest: string;
  /** The interpreter's version: `3.12.1` */
  python: string;
  /** The interpreter that it was made from. */
  base: Stamp;
  origins: Origin[];
}

export interface CompleteEnvironment {
  folder: string;
  marker: Marker;
}

const MARKER = "complete.json";

/** The folder in the extension's storage that holds the environments. */
export function environmentsFolder(storageFolder: string): string {
  return join(storageFolder, "environments");
}

/** The name of the environment of a bundle and an interpreter: `0.1.0-1f3a09bc-cp312-77aa01de`. */
export function environmentName(bundle: Bundle, interpreter: Interpreter): string {
  const base = createHash("sha256").update(interpreter.path).digest("hex").slice(0, 8);
  const tag = `cp${minorOf(interpreter.version).replace(".", "")}`;
  return `${namePrefix(bundle)}${tag}-${base}`;
}

function namePrefix({ version, digest }: Bundle): string {
  return `${version}-${digest.slice(0, 8)}-`;
}

/** The folders that an environment may be in: another one than the first where that cannot be removed. */
export function slotsOf(folder: string, name: string): string[] {
  return [name, `${name}.2`, `${name}.3`, `${name}.4`].map((one) => join(folder, one));
}

/** A new name in a folder, short since paths are limited on Windows; `new` or `old` says what for. */
export function temporaryName(folder: string, purpose: "new" | "old"): string {
  return join(folder, `.${purpose}-${randomBytes(4).toString("hex")}`);
}

/** The interpreter of an environment. */
export function pythonOf(environment: string): string {
  return process.platform === "win32"
    ? join(environment, "Scripts", "python.exe")
    : join(environment, "bin", "python");
}

export async function stampOf(path: string): Promise<Stamp> {
  const real = await realPath(path);
  // Programs of the Microsoft Store cannot be looked into.
  const { size, mtimeMs } = await stat(real).catch(() => ({ size: 0, mtimeMs: 0 }));
  return { path, realPath: real, size, mtimeMs };
}

/**
 * The environment in a folder, if it is complete, its interpreter is there, and that is still the one
 * that it was made from. Files are looked at only; nothing is run.
 */
export async function readComplete(folder: string, bundle: Bundle): Promise<CompleteEnvironment | undefined> {
  try {
    const marker = JSON.parse(await readFile(join(folder, MARKER), "utf8")) as Marker;
    if (marker.format !== 1 || marker.digest !== bundle.digest) {
      return undefined;
    }
    const { base } = marker;
    const now = await stampOf(base.path);
    const same = now.realPath === base.realPath && now.size === base.size && now.mtimeMs === base.mtimeMs;
    const programs = [pythonOf(folder), base.path].map((path) => isProgram(path, process.platform));
    const runs = (await Promise.all(programs)).every(Boolean);
    return same && runs ? { folder, marker } : undefined;
  } catch {
    return undefined;
  }
}

/** All complete environments of a bundle. */
export async function completeEnvironments(folder: string, bundle: Bundle): Promise<CompleteEnvironment[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(namePrefix(bundle))).sort();
  const environments = await Promise.all(names.map((name) => readComplete(join(folder, name), bundle)));
  return environments.filter((one) => one !== undefined);
}

/** Mark an environment as complete, or change what its mark says, at once as a whole. */
export async function writeMarker(environment: string, marker: Marker): Promise<void> {
  const path = temporaryName(environment, "new");
  await writeFile(path, JSON.stringify(marker), "utf8");
  await move(path, join(environment, MARKER));
}

/** An environment without a mark is never taken again. */
export async function removeMarker(environment: string): Promise<void> {
  await rm(join(environment, MARKER), { force: true });
}

/** Rename; where a virus scanner holds a new file for a moment (Windows), try again for some seconds. */
export async function move(from: string, to: string): Promise<void> {
  for (let pause = 50; ; pause *= 2) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const held = ["EPERM", "EACCES", "EBUSY"].includes((error as NodeJS.ErrnoException).code ?? "");
      if (process.platform !== "win32" || !held || pause > 2_000) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Remove a folder; false where it, or something in it, is held. It is out of the way at once, or stays as it is. */
export async function removeFolder(folder: string): Promise<boolean> {
  const aside = temporaryName(join(folder, ".."), "old");
  try {
    await rename(folder, aside);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
  await rm(aside, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  return true;
}

/** The folder of the environments, made where it is not there. */
export async function makeEnvironmentsFolder(storageFolder: string): Promise<string> {
  const folder = environmentsFolder(storageFolder);
  await mkdir(folder, { recursive: true });
  return folder;
}
