/** The machine, as far as the search for a Python looks at it. */
import { constants } from "node:fs";
import { access, lstat, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { type PlatformPath, posix, win32 } from "node:path";

export interface System {
  platform: NodeJS.Platform;
  /** Environment variables. */
  variables: NodeJS.ProcessEnv;
  /** The person's home folder. */
  home: string;
}

/** Node's functions for the paths of a platform. */
export function pathsOf(platform: NodeJS.Platform): PlatformPath {
  return platform === "win32" ? win32 : posix;
}

export function thisSystem(): System {
  return { platform: process.platform, variables: process.env, home: homedir() };
}

/** An environment variable, by its name in any case on Windows. */
export function variable({ platform, variables }: System, name: string): string | undefined {
  if (platform !== "win32") {
    return variables[name];
  }
  const key = Object.keys(variables).find((one) => one.toUpperCase() === name.toUpperCase());
  return key === undefined ? undefined : variables[key];
}

/** Whether a path means the same wherever a program runs: on Windows it needs a drive or a host too. */
export function isFixedPath(path: string, platform: NodeJS.Platform): boolean {
  if (path.includes("\0")) {
    return false;
  }
  return platform === "win32" ? win32.parse(path).root.length > 2 : posix.isAbsolute(path);
}

/** The folders of PATH, without those that depend on the folder that a program runs in. */
export function searchPath(system: System): string[] {
  const entries = (variable(system, "PATH") ?? "").split(system.platform === "win32" ? ";" : ":");
  const folders = entries.map((entry) => entry.trim().replace(/^"(.*)"$/, "$1"));
  return [...new Set(folders.filter((folder) => isFixedPath(folder, system.platform)))];
}

/** `~` and `~/…` as absolute paths; other paths as they are. */
export function withHome(path: string, { home, platform }: System): string {
  return /^~(?=$|[/\\])/.test(path) ? pathsOf(platform).join(home, path.slice(1)) : path;
}

/** Whether a file is there that can be run. */
export async function isProgram(path: string, platform: NodeJS.Platform): Promise<boolean> {
  try {
    if (platform !== "win32") {
      await access(path, constants.X_OK);
    }
    return (await stat(path)).isFile();
  } catch {
    // The Microsoft Store's programs are links that only the system follows.
    return platform === "win32" && (await lstat(path).catch(() => undefined))?.isDirectory() === false;
  }
}

/** The path with links followed; the path itself where that fails. */
export async function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
