/** The private environment: made offline from the wheels of the extension, once per version and Python. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import type { Bundle } from "./bundle";
import {
  type CompleteEnvironment,
  environmentName,
  makeEnvironmentsFolder,
  type Marker,
  move,
  type Origin,
  pythonOf,
  readComplete,
  removeFolder,
  slotsOf,
  stampOf,
  temporaryName,
  writeMarker,
} from "./environmentFiles";
import { withLock } from "./environmentLock";
import { isUsed } from "./environmentUse";
import type { Interpreter, LaunchRequest } from "./model";
import { pythonVariables, run } from "./processes";

/** The environment could not be made. The message says what failed, for a person; the log has the details. */
export class EnvironmentError extends Error {}

/** Milliseconds: none of the steps takes more than a few seconds, but a virus scanner may look at each file. */
const STEP_WITHIN = 300_000;

/**
 * The environment of a bundle and an interpreter; made where there is none that is complete.
 * @throws EnvironmentError, CancelledError
 */
export async function ensureEnvironment(
  request: LaunchRequest,
  bundle: Bundle,
  interpreter: Interpreter,
  origin: Origin,
): Promise<CompleteEnvironment> {
  const folder = await makeEnvironmentsFolder(request.storageFolder);
  const slots = slotsOf(folder, environmentName(bundle, interpreter));
  const found = (await firstComplete(slots, bundle)) ?? (await makeOnce(request, bundle, interpreter, origin, slots));
  const { marker } = found;
  if (!marker.origins.some(({ source, path }) => source === origin.source && path === origin.path)) {
    marker.origins.push(origin);
    // Where it cannot be noted, the next start asks the interpreter again.
    await writeMarker(found.folder, marker).catch(() => undefined);
  }
  return found;
}

async function firstComplete(slots: string[], bundle: Bundle): Promise<CompleteEnvironment | undefined> {
  for (const slot of slots) {
    const found = await readComplete(slot, bundle);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

async function makeOnce(
  request: LaunchRequest,
  bundle: Bundle,
  interpreter: Interpreter,
  origin: Origin,
  slots: string[],
): Promise<CompleteEnvironment> {
  const { token, progress, log } = request;
  const onWait = (): void => {
    log.info("another window makes the environment; waiting for it");
    progress(vscode.l10n.t("Another window is setting up the language server…"));
  };
  return withLock(`${slots[0] ?? ""}.lock`, { token, onWait }, async () => {
    const made = await firstComplete(slots, bundle);
    if (made !== undefined) {
      return made;
    }
    const started = performance.now();
    progress(vscode.l10n.t("Setting up the language server with Python {0}…", interpreter.version));
    const temporary = temporaryName(join(slots[0] ?? "", ".."), "new");
    try {
      const marker: Marker = {
        format: 1,
        digest: bundle.digest,
        python: interpreter.version,
        base: await stampOf(interpreter.path),
        origins: [origin],
      };
      await build(request, bundle, interpreter, temporary);
      await writeMarker(temporary, marker);
      const folder = await settle(temporary, slots);
      log.info(`made ${folder} in ${Math.round(performance.now() - started)} ms`);
      return { folder, marker };
    } catch (error) {
      await rm(temporary, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
      throw explained(error);
    }
  });
}

async function build(request: LaunchRequest, bundle: Bundle, { path }: Interpreter, folder: string): Promise<void> {
  const python = pythonOf(folder);
  await step(request, vscode.l10n.t("the environment could not be created"), path, [
    ...["-I", "-m", "venv", "--without-pip", folder],
  ]);
  // What the server imports is compiled when it is imported first: the rest of the packages need no
  // compiling, and installing takes a third of the time.
  await step(request, vscode.l10n.t("the packages could not be installed"), python, [
    ...["-I", join(bundle.pip, "pip"), "install", "--quiet", "--no-input", "--disable-pip-version-check"],
    ...["--no-index", "--find-links", bundle.wheels, "--only-binary=:all:", "--no-cache-dir", "--no-compile"],
    ...["--no-warn-script-location", `promptls==${bundle.version}`],
  ]);
  const output = await step(request, vscode.l10n.t("the server does not run"), python, [
    ...["-I", "-m", "promptls", "--version"],
  ]);
  if (output.trim() !== `promptls ${bundle.version}`) {
    throw new EnvironmentError(vscode.l10n.t("the server does not run"));
  }
}

async function step(request: LaunchRequest, failed: string, program: string, args: string[]): Promise<string> {
  const { log, storageFolder, token } = request;
  // pip reads no settings of the person's or the system's: they may name other sources and folders.
  const env = { ...pythonVariables(process.env), PIP_CONFIG_FILE: process.platform === "win32" ? "nul" : "/dev/null" };
  const outcome = await run(program, args, { cwd: storageFolder, env, timeout: STEP_WITHIN, token });
  const { failure, stdout, stderr, milliseconds } = outcome;
  log.info(`${program} ${args.join(" ")}: ${failure ?? "done"} (${milliseconds} ms)`);
  if (failure === undefined) {
    return stdout;
  }
  const lines = stderr.split(/\r?\n/).filter((line) => line.trim() !== "");
  lines.slice(-20).forEach((line) => {
    log.error(line);
  });
  const reason = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? failure;
  throw new EnvironmentError(`${failed}: ${reason.replace(/^ERROR: /, "")}`);
}

/** Put a complete environment into the first slot that is free, or can be freed. */
async function settle(temporary: string, slots: string[]): Promise<string> {
  for (const slot of slots) {
    // The server of another window may run from a broken environment.
    if (!(await isUsed(slot)) && (await removeFolder(slot))) {
      await move(temporary, slot);
      return slot;
    }
  }
  throw new EnvironmentError(vscode.l10n.t("other windows hold all its folders; close them and try again"));
}

function explained(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  return error instanceof Error && typeof code === "string" ? new EnvironmentError(error.message) : error;
}
