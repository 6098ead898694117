/** The interpreter that the Python extensions have for a folder, where one of them is installed. */
import * as vscode from "vscode";
import type { Interpreter } from "./model";

/** Milliseconds that an extension has to become active and to answer. */
const ANSWERS_WITHIN = 10_000;

/** What is used of the API of `ms-python.python`. */
interface PythonApi {
  environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    resolveEnvironment(path: { path: string }): Promise<{ executable: { uri?: vscode.Uri } } | undefined>;
  };
}

/** What is used of the API of `ms-python.vscode-python-envs`. */
interface PythonEnvironmentsApi {
  getEnvironment(scope: vscode.Uri | undefined): Promise<{ execInfo: { run: { executable: string } } } | undefined>;
}

export interface ExtensionsInterpreter {
  source: Extract<Interpreter["source"], "pythonExtension" | "pythonEnvironments">;
  program: string;
}

/** The programs that the extensions name for a folder, one after the other. */
export async function* extensionsInterpreters(
  folder: vscode.Uri | undefined,
  log: vscode.LogOutputChannel,
): AsyncGenerator<ExtensionsInterpreter> {
  const python = vscode.extensions.getExtension<PythonApi>("ms-python.python");
  const ofPython = await askExtension(python, log, async ({ environments }) => {
    const path = environments.getActiveEnvironmentPath(folder);
    return (await environments.resolveEnvironment(path))?.executable.uri?.fsPath;
  });
  if (ofPython !== undefined) {
    yield { source: "pythonExtension", program: ofPython };
  }
  const manager = vscode.extensions.getExtension<PythonEnvironmentsApi>("ms-python.vscode-python-envs");
  const ofEnvironments = await askExtension(manager, log, async (api) => {
    return (await api.getEnvironment(folder))?.execInfo.run.executable;
  });
  if (ofEnvironments !== undefined) {
    yield { source: "pythonEnvironments", program: ofEnvironments };
  }
}

async function askExtension<Api>(
  extension: vscode.Extension<Api> | undefined,
  log: vscode.LogOutputChannel,
  question: (api: Api) => Promise<string | undefined>,
): Promise<string | undefined> {
  if (extension === undefined) {
    return undefined;
  }
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${ANSWERS_WITHIN / 1000} s`));
    }, ANSWERS_WITHIN);
  });
  try {
    const answer = await Promise.race([extension.activate().then(question), late]);
    log.info(`asked ${extension.id}: ${answer ?? "no interpreter"} (${Math.round(performance.now() - started)} ms)`);
    return answer;
  } catch (error) {
    // Another extension's fault, or an API that has changed: the search goes on without it.
    log.warn(`asked ${extension.id}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
