/** Programs that are run for their answer. */
import { execFile } from "node:child_process";
import * as vscode from "vscode";

export interface RunOptions {
  /** Folder that the program runs in; never the workspace's. */
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Milliseconds after which the program is ended. */
  timeout: number;
  token: vscode.CancellationToken;
}

export interface Outcome {
  /** Undefined: ended with exit code 0. Else what went wrong, in a few words. */
  failure: string | undefined;
  stdout: string;
  stderr: string;
  milliseconds: number;
}

/** The person, or a newer start, does not want the result any more. */
export class CancelledError extends Error {
  constructor() {
    super("cancelled");
    this.name = "CancelledError";
  }
}

const MOST_OUTPUT = 4 * 1024 * 1024;

/**
 * Run a program to its end, with nothing on its standard input.
 * @throws CancelledError when the token says so; the program is ended. Nothing else is thrown.
 */
export async function run(program: string, args: readonly string[], options: RunOptions): Promise<Outcome> {
  throwIfCancelled(options.token);
  const { cwd, env, timeout, token } = options;
  const started = performance.now();
  const outcome = await new Promise<Outcome>((resolve) => {
    const settle = (failure: string | undefined, stdout: string, stderr: string): void => {
      subscription?.dispose();
      resolve({ failure, stdout, stderr, milliseconds: Math.round(performance.now() - started) });
    };
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => {
      abort.abort();
    }) as { dispose(): void } | undefined;
    const limits = { timeout, killSignal: "SIGKILL" as const, maxBuffer: MOST_OUTPUT, signal: abort.signal };
    try {
      const child = execFile(program, args, { cwd, env, windowsHide: true, ...limits }, (error, stdout, stderr) => {
        settle(error === null ? undefined : describe(error, timeout), stdout, stderr);
      });
      child.stdin?.on("error", () => undefined).end();
    } catch (error) {
      // Arguments that the system cannot take, such as a path with a null character.
      settle(error instanceof Error ? error.message : String(error), "", "");
    }
  });
  throwIfCancelled(token);
  return outcome;
}

/** @throws CancelledError when the token says so. */
export function throwIfCancelled(token: vscode.CancellationToken): void {
  if (token.isCancellationRequested) {
    throw new CancelledError();
  }
}

type ProcessError = Error & { code?: string | number | null; killed?: boolean; signal?: string | null };

function describe(error: ProcessError, timeout: number): string {
  if (error.killed === true && error.code !== "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") {
    return vscode.l10n.t("no answer within {0} s", timeout / 1000);
  }
  return typeof error.code === "number"
    ? vscode.l10n.t("it ended with exit code {0}", error.code)
    : (error.signal ?? error.code ?? error.message);
}

const LEFT_OUT = /^(PYTHON.*|PIP_.*|VIRTUAL_ENV.*|__PYVENV_LAUNCHER__|ELECTRON_RUN_AS_NODE)$/i;

/** The environment variables for a Python of ours: without those that change what Python or pip does. */
export function pythonVariables(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !LEFT_OUT.test(name)));
}
