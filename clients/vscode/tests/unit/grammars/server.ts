/** The language server's own view of prompts, asked of the checkout that the extension lies in. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

export const PROJECT = resolve("../..");

/** A Python that has promptls: `PROMPTLS_PYTHON`, the project's own environment, or the one on the PATH. */
export function serverPython(): string | undefined {
  const named = process.env["PROMPTLS_PYTHON"];
  const own = ["bin/python", "Scripts/python.exe"].map((path) => join(PROJECT, ".venv", path)).filter(existsSync);
  const candidates = named === undefined ? [...own, "python3"] : [named];
  return candidates.find((python) => spawnSync(python, ["-c", "import promptls"]).status === 0);
}

/** What a run of Python in a folder prints; throws with what it complains of. */
export function runPython(python: string, cwd: string, ...options: string[]): string {
  const run = spawnSync(python, options, { cwd, encoding: "utf8", maxBuffer: 1 << 28 });
  if (run.status !== 0) {
    throw new Error(run.stderr);
  }
  return run.stdout;
}
