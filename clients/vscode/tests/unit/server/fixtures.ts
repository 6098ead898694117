/** Requests, folders and programs for the tests of how the server is started. */
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type * as vscode from "vscode";
import type { LaunchRequest } from "../../../src/server/model";
import type { System } from "../../../src/server/system";

/** The folder of the extension: the tests run in it. */
export const EXTENSION = process.cwd();

/** A folder of its own, removed after the tests of the suite. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "promptls-server-")));
  suiteTeardown(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export interface Recorded {
  request: LaunchRequest;
  lines: string[];
  progress: string[];
  cancel: () => void;
}

/** A request for a start, what it logs, and a way to cancel it. */
export function recorded(storageFolder: string, changes: Partial<LaunchRequest> = {}): Recorded {
  const lines: string[] = [];
  const progress: string[] = [];
  const write = (line: string | Error): void => {
    lines.push(String(line));
  };
  const listeners: (() => void)[] = [];
  const token = {
    isCancellationRequested: false,
    onCancellationRequested: (listener: () => void) => {
      listeners.push(listener);
      return { dispose: () => undefined };
    },
  };
  const log = { trace: write, debug: write, info: write, warn: write, error: write };
  const request: LaunchRequest = {
    extensionFolder: EXTENSION,
    storageFolder,
    serverPath: "",
    interpreter: "",
    logLevel: "warning",
    trusted: true,
    folder: undefined,
    log: log as unknown as vscode.LogOutputChannel,
    progress: (message) => progress.push(message),
    token: token as unknown as vscode.CancellationToken,
    ...changes,
  };
  const cancel = (): void => {
    token.isCancellationRequested = true;
    listeners.forEach((listener) => {
      listener();
    });
  };
  return { request, lines, progress, cancel };
}

/** This machine, with another PATH and a home folder without any Python. */
export function systemWith(path: string, home: string): System {
  return { platform: process.platform, variables: { PATH: path }, home };
}

/** A machine on which no Python is where one is looked for. */
export const NO_SYSTEM: System = { platform: "win32", variables: {}, home: "C:\\nobody" };

/** Write a program of the shell. */
export async function program(path: string, script: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

/** What a Python answers when it is asked. */
export function answer(base: string, version: string, changes: Record<string, unknown> = {}): string {
  const machine = process.arch === "arm64" ? "aarch64" : "x86_64";
  return JSON.stringify({
    ...{ base, version, implementation: "cpython", system: process.platform, machine, bits: 64 },
    ...{ musl: false, freeThreaded: false, ...changes },
  });
}

/** A program that answers as a Python does, writes down that it was run, and can do nothing else. */
export async function fakePython(path: string, version: string, changes: Record<string, unknown> = {}): Promise<string> {
  const said = answer(path, version, changes);
  return program(path, `echo run >> '${path}.runs'\ncase "$*" in *-c*) echo '${said}';; *) echo 'Error: no module' >&2; exit 3;; esac`);
}

/** Whether such a program was run. */
export function wasRun(path: string): boolean {
  return existsSync(`${path}.runs`);
}
