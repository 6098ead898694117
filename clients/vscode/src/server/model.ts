/** What it takes to start the language server, and what can stand in the way. */
import type { CancellationToken, LogOutputChannel, Uri } from "vscode";

/** A Python that was asked for its version. */
export interface Interpreter {
  /** Absolute path of the program. Of a virtual environment, the Python that it was made from. */
  path: string;
  /** `3.12.1` */
  version: string;
  source: "setting" | "pythonExtension" | "pythonEnvironments" | "system";
}

export interface LaunchRequest {
  /** Where the extension is installed; `bundled/wheels` is below it. */
  extensionFolder: string;
  /** The extension's global storage, where its private environments are kept. */
  storageFolder: string;
  /** `promptls.server.path`; empty: not set. */
  serverPath: string;
  /** `promptls.server.interpreter`; empty: not set. */
  interpreter: string;
  /** `promptls.server.logLevel` */
  logLevel: string;
  trusted: boolean;
  /** The folder whose interpreter the Python extensions are asked for. */
  folder: Uri | undefined;
  log: LogOutputChannel;
  /** Told what is being done while it takes long. */
  progress: (message: string) => void;
  token: CancellationToken;
}

/** A program that speaks the protocol on its standard input and output. */
export interface Launch {
  kind: "launch";
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Undefined where `promptls.server.path` names the server. */
  interpreter: Interpreter | undefined;
  /** The private environment, where one is used. */
  environment: string | undefined;
}

export interface LaunchProblem {
  kind: "problem";
  code:
    | "no-python"
    | "interpreter-not-found"
    | "interpreter-not-supported"
    | "server-not-found"
    | "wheels-missing"
    | "environment-failed"
    | "cancelled";
  /** A sentence for a person, with the way out. */
  message: string;
}
