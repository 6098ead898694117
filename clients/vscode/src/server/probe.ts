/** Asking a program which Python it is, and whether the wheels are for it. */
import { isAbsolute } from "node:path";
import * as vscode from "vscode";
import type { Bundle } from "./bundle";
import { pythonVariables, run } from "./processes";
import type { LaunchRequest } from "./model";
import type { Candidate } from "./systemPythons";

/** What a Python says about itself. */
export interface Python {
  /** The program that environments are made from: of a virtual environment, the Python that it was made from. */
  base: string;
  /** `3.12.1` */
  version: string;
  /** `cpython` */
  implementation: string;
  /** In the words of the bundle: `linux-x64`, `alpine-x64`, `win32-x64`, … */
  platform: string;
  freeThreaded: boolean;
}

/** What came of asking a program. */
export type Answer = { python: Python; failure?: never } | { python?: never; failure: string };

/** Milliseconds. A first start from a slow disk, looked at by a virus scanner, takes some seconds. */
const ANSWERS_WITHIN = 15_000;

// Runs on any Python 3; without `site`, so that nothing an environment has installed is run.
const QUESTION = `
import json, os, struct, sys
machine = os.uname().machine if hasattr(os, "uname") else sys.version
print(json.dumps({
    "base": getattr(sys, "_base_executable", None) or sys.executable,
    "version": "%d.%d.%d" % sys.version_info[:3],
    "implementation": sys.implementation.name,
    "system": sys.platform,
    "machine": machine,
    "bits": struct.calcsize("P") * 8,
    "musl": "musl" in getattr(sys.implementation, "_multiarch", ""),
    "freeThreaded": "free-threading" in sys.version,
}))`;

interface Told extends Omit<Python, "platform"> {
  system: string;
  machine: string;
  bits: number;
  musl: boolean;
}

/** Ask a program. @throws CancelledError */
export async function ask({ program, args }: Candidate, request: LaunchRequest): Promise<Answer> {
  const outcome = await run(program, [...args, "-I", "-S", "-c", QUESTION], {
    cwd: request.storageFolder,
    env: pythonVariables(process.env),
    timeout: ANSWERS_WITHIN,
    token: request.token,
  });
  const answer = outcome.failure === undefined ? read(outcome.stdout) : { failure: outcome.failure };
  const { python } = answer;
  const text = python === undefined ? answer.failure : `${python.version}, ${python.implementation}, ${python.platform}`;
  request.log.info(`asked ${[program, ...args].join(" ")}: ${text} (${outcome.milliseconds} ms)`);
  return answer;
}

function read(output: string): Answer {
  // A wrapper may print something first.
  const line = output.split(/\r?\n/).findLast((one) => one.startsWith("{"));
  try {
    const { base, version, implementation, freeThreaded, ...told } = JSON.parse(line ?? "") as Told;
    if (!isAbsolute(base) || !/^\d+\.\d+\.\d+$/.test(version)) {
      throw new TypeError("not a Python's answer");
    }
    return { python: { base, version, implementation, freeThreaded, platform: platformOf(told) } };
  } catch {
    return { failure: vscode.l10n.t("it does not answer as a Python does") };
  }
}

function platformOf({ system, machine, bits, musl }: Pick<Told, "system" | "machine" | "bits" | "musl">): string {
  const arm = /aarch64|arm64/i.test(machine);
  const intel = /x86_64|amd64/i.test(machine);
  const name = bits === 64 && arm ? "arm64" : bits === 64 && intel ? "x64" : bits === 32 ? "32-bit" : machine;
  return `${musl ? "alpine" : system}-${name}`;
}

/** The part of a version that wheels depend on: `3.12`. */
export function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/** How well a Python fits: `newer` ones than those that the wheels were made for are worth a try. */
export type Fitness = { kind: "fits" | "newer" } | { kind: "unfit"; reason: string };

/** Whether the wheels of the bundle are for this Python. */
export function fitnessOf(python: Python, bundle: Bundle): Fitness {
  const { version, implementation, platform, freeThreaded } = python;
  const oldest = bundle.pythons[0] ?? "";
  const newest = bundle.pythons.at(-1) ?? "";
  if (implementation !== "cpython") {
    return unfit(vscode.l10n.t("it is {0}, not CPython", implementation));
  }
  if (compareVersions(version, oldest) < 0) {
    return unfit(vscode.l10n.t("Python {0} is too old: {1} or later is needed", version, oldest));
  }
  if (platform !== bundle.platform) {
    return unfit(vscode.l10n.t("it is a Python for {0}; one for {1} is needed", platform, bundle.platform));
  }
  if (freeThreaded) {
    return unfit(vscode.l10n.t("it is a free-threaded Python, for which there are no packages here"));
  }
  return { kind: compareVersions(minorOf(version), newest) > 0 ? "newer" : "fits" };
}

function unfit(reason: string): Fitness {
  return { kind: "unfit", reason };
}

function compareVersions(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}
