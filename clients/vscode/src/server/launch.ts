/** How the server is started: found, made where it is missing, or a problem that a person can solve. */
import { mkdir } from "node:fs/promises";
import * as vscode from "vscode";
import { type Bundle, readBundle } from "./bundle";
import { ensureEnvironment, EnvironmentError } from "./environment";
import {
  type CompleteEnvironment,
  completeEnvironments,
  environmentsFolder,
  type Origin,
  pythonOf,
  removeMarker,
} from "./environmentFiles";
import { forgetUse, recordUse, removeUnused } from "./environmentUse";
import { InterpreterSearch } from "./interpreters";
import type { Interpreter, Launch, LaunchProblem, LaunchRequest } from "./model";
import { minorOf } from "./probe";
import * as problems from "./problems";
import { CancelledError, pythonVariables } from "./processes";
import { isFixedPath, isProgram, type System, thisSystem, withHome } from "./system";
import { TrustBoundary } from "./trust";

/** Interpreters that an environment is tried to be made from before the search gives up. */
const TRIES = 3;

/**
 * The server to start: the one that the settings name, or promptls in a private environment. A complete
 * environment is taken without running anything; else a Python is searched for and one is made.
 */
export async function findServer(
  request: LaunchRequest,
  system: System = thisSystem(),
): Promise<Launch | LaunchProblem> {
  return guarded(request, async () => {
    if (request.serverPath !== "") {
      return ownServer(request, system);
    }
    const bundle = await readBundle(request.extensionFolder);
    if (bundle === undefined) {
      return problems.wheelsMissing();
    }
    const setting = withHome(request.interpreter, system);
    if (setting !== "" && !(isFixedPath(setting, system.platform) && (await isProgram(setting, system.platform)))) {
      return problems.interpreterNotFound(request.interpreter);
    }
    const kept = await keptEnvironment(request, bundle, setting);
    if (kept !== undefined) {
      return launchFrom(request, kept.environment, kept.origin);
    }
    const search = new InterpreterSearch(request, bundle, system);
    return setting === "" ? makeFromAny(request, bundle, search) : makeFromSetting(request, bundle, search, setting);
  });
}

/** Environments that a repair has made: where one fails again, the fault is another one. */
const remade = new Set<string>();

/**
 * Make the environment of a server that ended at once anew; it is done once. Other windows that run
 * from the broken one keep it for as long as they do.
 */
export async function repairServer(
  request: LaunchRequest,
  { environment }: Launch,
  system: System = thisSystem(),
): Promise<Launch | LaunchProblem> {
  return guarded(request, async () => {
    if (environment === undefined) {
      return problems.serverEnds(request.serverPath);
    }
    if (remade.has(environment)) {
      return problems.environmentFailed(vscode.l10n.t("the server ends at once, also in a new environment"));
    }
    request.log.warn(`${environment} is made anew`);
    await removeMarker(environment);
    await forgetUse(environment);
    const launch = await findServer(request, system);
    if (launch.kind === "launch" && launch.environment !== undefined) {
      remade.add(launch.environment);
    }
    return launch;
  });
}

/** The interpreters that an environment can be made from, the one that would be taken first first. */
export async function listInterpreters(request: LaunchRequest, system: System = thisSystem()): Promise<Interpreter[]> {
  const bundle = await readBundle(request.extensionFolder);
  const interpreters: Interpreter[] = [];
  if (bundle === undefined) {
    return interpreters;
  }
  try {
    await mkdir(request.storageFolder, { recursive: true });
    for await (const interpreter of new InterpreterSearch(request, bundle, system).usable()) {
      interpreters.push(interpreter);
    }
  } catch (error) {
    if (!(error instanceof CancelledError)) {
      throw error;
    }
  }
  return interpreters;
}

async function guarded(
  request: LaunchRequest,
  work: () => Promise<Launch | LaunchProblem>,
): Promise<Launch | LaunchProblem> {
  try {
    await mkdir(request.storageFolder, { recursive: true });
    return await work();
  } catch (error) {
    if (error instanceof CancelledError) {
      return problems.cancelled();
    }
    request.log.error(error instanceof Error ? error : String(error));
    return problems.environmentFailed(error instanceof Error ? error.message : String(error));
  }
}

async function ownServer(request: LaunchRequest, system: System): Promise<Launch | LaunchProblem> {
  const program = withHome(request.serverPath, system);
  if (!isFixedPath(program, system.platform) || !(await isProgram(program, system.platform))) {
    return problems.serverNotFound(request.serverPath);
  }
  const args = ["server", "--log-level", request.logLevel];
  return {
    ...{ kind: "launch", command: program, args, env: { ...process.env }, cwd: request.storageFolder },
    ...{ interpreter: undefined, environment: undefined },
  };
}

async function launchFrom(
  request: LaunchRequest,
  { folder, marker }: CompleteEnvironment,
  origin: Origin,
): Promise<Launch> {
  await recordUse(folder);
  void tidy(request, folder);
  request.log.info(`the server runs from ${folder}, Python ${marker.python} of ${marker.base.path}`);
  return {
    kind: "launch",
    command: pythonOf(folder),
    args: ["-I", "-m", "promptls", "server", "--log-level", request.logLevel],
    env: pythonVariables(process.env),
    cwd: request.storageFolder,
    interpreter: { path: marker.base.path, version: marker.python, source: origin.source },
    environment: folder,
  };
}

async function tidy({ storageFolder, log }: LaunchRequest, keep: string): Promise<void> {
  const removed = await removeUnused(environmentsFolder(storageFolder), keep, Date.now());
  removed.forEach((name) => {
    log.info(`removed the unused environment ${name}`);
  });
}

const AUTOMATIC = ["pythonExtension", "pythonEnvironments", "system"] as const;

/** The complete environment that the search would come to, as far as that can be known without running anything. */
async function keptEnvironment(
  { trusted, storageFolder }: LaunchRequest,
  bundle: Bundle,
  setting: string,
): Promise<{ environment: CompleteEnvironment; origin: Origin } | undefined> {
  const boundary = await TrustBoundary.of(trusted);
  const environments = await completeEnvironments(environmentsFolder(storageFolder), bundle);
  const sources = setting !== "" ? (["setting"] as const) : trusted ? AUTOMATIC : (["system"] as const);
  for (const source of sources) {
    for (const environment of environments) {
      const { origins, base } = environment.marker;
      const origin = origins.find((one) => one.source === source && one.path === setting);
      if (origin !== undefined && (source === "setting" || (await boundary.allows(base.path)))) {
        return { environment, origin };
      }
    }
  }
  return undefined;
}

async function makeFromSetting(
  request: LaunchRequest,
  bundle: Bundle,
  search: InterpreterSearch,
  setting: string,
): Promise<Launch | LaunchProblem> {
  const judged = await search.judgeSetting(setting);
  if ("reason" in judged) {
    return problems.interpreterNotSupported(setting, judged.reason);
  }
  const origin: Origin = { source: "setting", path: setting };
  try {
    return await launchFrom(request, await ensureEnvironment(request, bundle, judged.interpreter, origin), origin);
  } catch (error) {
    if (error instanceof EnvironmentError) {
      return failed(error, judged.interpreter, bundle);
    }
    throw error;
  }
}

async function makeFromAny(
  request: LaunchRequest,
  bundle: Bundle,
  search: InterpreterSearch,
): Promise<Launch | LaunchProblem> {
  let first: LaunchProblem | undefined;
  let tries = 0;
  for await (const interpreter of search.usable()) {
    const origin: Origin = { source: interpreter.source, path: "" };
    try {
      return await launchFrom(request, await ensureEnvironment(request, bundle, interpreter, origin), origin);
    } catch (error) {
      if (!(error instanceof EnvironmentError)) {
        throw error;
      }
      request.log.error(`no environment from ${interpreter.path}: ${error.message}`);
      first ??= failed(error, interpreter, bundle);
      tries += 1;
      if (tries === TRIES) {
        break;
      }
    }
  }
  return first ?? problems.noPython(bundle, search.rejected, process.platform);
}

function failed(error: EnvironmentError, { version }: Interpreter, bundle: Bundle): LaunchProblem {
  return bundle.pythons.includes(minorOf(version))
    ? problems.environmentFailed(error.message)
    : problems.pythonTooNew(bundle, version, error.message);
}
