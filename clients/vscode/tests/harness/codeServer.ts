/** One code-server of a test's own: started with nothing of the user's, watched, stopped, its logs kept. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { installedEditors } from "./editors";
import { removeFolder, temporaryFolder } from "./folders";

export type Settings = Record<string, unknown>;

export interface CodeServerOptions {
  /** Packed extensions to install before the start. */
  extensions?: string[];
  /** User settings, beside those that keep the editor quiet. They are read at the start only: no file is watched. */
  settings?: Settings;
  /** Settings of machine scope, which an editor with a remote part reads from there alone. */
  machineSettings?: Settings;
  /** Whether folders have to be trusted by the person. By default all are trusted. */
  asksForTrust?: boolean;
  /** Added to a small environment: the PATH and the language of this process, and folders of its own. */
  environment?: Record<string, string>;
  /** A folder that promptls keeps its Python environment in, so that it is not made again. By default a new one. */
  storage?: string;
  /** For tests inside the extension host. */
  smokeTestDriver?: boolean;
}

/** What keeps the editor from showing what no test is about. */
const quietSettings: Settings = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  "chat.disableAIFeatures": true,
  "editor.inlayHints.enabled": "on",
  "editor.accessibilitySupport": "off",
  "telemetry.telemetryLevel": "off",
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
  // In a browser the editor saves by itself, on the desktop it does not.
  "files.autoSave": "off",
  "git.enabled": false,
  "extensions.ignoreRecommendations": true,
};

const startTimeout = 60_000;

export class CodeServer {
  readonly #process: ChildProcess;
  readonly #output: string[];

  private constructor(
    /** Holds the user data, the extensions and the home of this editor. */
    readonly folder: string,
    /** `127.0.0.1:PORT`. */
    readonly authority: string,
    process: ChildProcess,
    output: string[],
  ) {
    this.#process = process;
    this.#output = output;
    running.add(process);
  }

  static async start(options: CodeServerOptions = {}): Promise<CodeServer> {
    const folder = temporaryFolder();
    try {
      await mkdir(join(folder, "home"));
      await writeSettings(folder, options);
      if (options.storage !== undefined) {
        await mkdir(join(folder, "data", "User", "globalStorage"), { recursive: true });
        await symlink(options.storage, join(folder, "data", "User", "globalStorage", "promptls.promptls"));
      }
      const environment = ownEnvironment(folder, options);
      for (const extension of options.extensions ?? []) {
        await installExtension(folder, extension, environment);
      }
      const { nodeProgram, codeServerEntry } = installedEditors();
      const child = spawn(nodeProgram, [codeServerEntry, ...flags(folder), ...runFlags(options)], {
        cwd: folder,
        env: environment,
        stdio: ["ignore", "pipe", "pipe"],
        // A process group of its own, so that all of it can be ended.
        detached: true,
      });
      const output: string[] = [];
      const authority = await listening(child, output);
      return new CodeServer(folder, authority, child, output);
    } catch (error) {
      await removeFolder(folder);
      throw error;
    }
  }

  /** The address of a window on a folder or a `.code-workspace` file, with a file opened in it. */
  window(workspace: string, file?: string, payload: [string, string][] = []): string {
    const kind = workspace.endsWith(".code-workspace") ? "workspace" : "folder";
    const entries = file === undefined ? payload : [["openFile", this.remoteUri(file)], ...payload];
    const query = new URLSearchParams({ [kind]: workspace, payload: JSON.stringify(entries) });
    return `http://${this.authority}/?${query.toString()}`;
  }

  /** How the window names a file on this machine. */
  remoteUri(path: string): string {
    return `vscode-remote://${this.authority}${path}`;
  }

  /** What the server printed, and the logs of the extension host and of promptls. */
  async logs(): Promise<string> {
    const parts = [`== code-server\n${this.#output.join("\n")}`];
    for (const path of await this.#logFiles()) {
      parts.push(`== ${path}\n${await readFile(join(this.folder, "data", "logs", path), "utf8")}`);
    }
    return parts.join("\n");
  }

  /** Keeps the logs in a folder, for somebody to read after a failure. */
  async keepLogs(target: string): Promise<void> {
    await cp(join(this.folder, "data", "logs"), target, { recursive: true });
    await writeFile(join(target, "code-server.txt"), this.#output.join("\n"));
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, "exit");
      this.#signal("SIGTERM");
      const forced = setTimeout(() => { this.#signal("SIGKILL"); }, 5_000);
      await ended;
      clearTimeout(forced);
    }
    running.delete(this.#process);
    // Extension hosts and language servers outlive a main process that was ended hard.
    this.#signal("SIGKILL");
    await removeFolder(this.folder);
  }

  async #logFiles(): Promise<string[]> {
    const all = await readdir(join(this.folder, "data", "logs"), { recursive: true }).catch(() => []);
    return all.filter((path) => path.endsWith(".log") && /exthost\d*\/[^/]*\.log$|promptls/.test(path)).sort();
  }

  #signal(signal: NodeJS.Signals): void {
    signalGroup(this.#process, signal);
  }
}

/** A process group of its own also outlives a run that is ended from outside: then it is ended here. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  running.forEach((child) => { signalGroup(child, "SIGKILL"); });
});
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => process.exit(1));
}

function signalGroup(leader: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader.pid!, signal);
  } catch {
    // All of the group has ended already.
  }
}

function flags(folder: string): string[] {
  const data = join(folder, "data");
  return ["--user-data-dir", data, "--extensions-dir", join(folder, "extensions"), "--config", join(folder, "config.yaml")];
}

function runFlags(options: CodeServerOptions): string[] {
  return [
    ...["--bind-addr", "127.0.0.1:0", "--auth", "none", "--disable-telemetry", "--disable-update-check"],
    ...["--disable-getting-started-override", "--ignore-last-opened"],
    ...(options.asksForTrust === true ? [] : ["--disable-workspace-trust"]),
    ...(options.smokeTestDriver === true ? ["--vscode-option", "enable-smoke-test-driver"] : []),
  ];
}

function ownEnvironment(folder: string, options: CodeServerOptions): Record<string, string> {
  const home = join(folder, "home");
  const kept = Object.entries(process.env).filter(([name]) => /^(PATH|LANG|LC_ALL|TZ|TMPDIR)$/.test(name));
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    EXTENSIONS_GALLERY: "{}",
    HOME: home,
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_DATA_HOME: join(home, ".local", "share"),
    XDG_STATE_HOME: join(home, ".local", "state"),
    XDG_CACHE_HOME: join(home, ".cache"),
    ...options.environment,
  };
}

async function writeSettings(folder: string, options: CodeServerOptions): Promise<void> {
  const trust = { "security.workspace.trust.enabled": options.asksForTrust === true };
  const python = process.env["PROMPTLS_PYTHON"];
  const interpreter = python === undefined ? {} : { "promptls.server.interpreter": python };
  const files: [string, Settings][] = [
    ["User", { ...quietSettings, ...trust, ...options.settings }],
    ["Machine", { ...interpreter, ...options.machineSettings }],
  ];
  for (const [scope, settings] of files) {
    await mkdir(join(folder, "data", scope), { recursive: true });
    await writeFile(join(folder, "data", scope, "settings.json"), JSON.stringify(settings, undefined, 2));
  }
}

async function installExtension(folder: string, extension: string, env: Record<string, string>): Promise<void> {
  const { nodeProgram, codeServerEntry } = installedEditors();
  const wanted = [codeServerEntry, ...flags(folder), "--install-extension", extension, "--force"];
  await promisify(execFile)(nodeProgram, wanted, { env, cwd: folder });
}

/** The address that the server says it listens on. */
async function listening(child: ChildProcess, output: string[]): Promise<string> {
  const address = new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => { reject(new Error("it said no address in time")); }, startTimeout);
    for (const stream of [child.stdout!, child.stderr!]) {
      createInterface(stream).on("line", (line) => {
        output.push(line);
        const found = /HTTP server listening on http:\/\/(\S+?)\/?$/.exec(line);
        if (found !== null) {
          clearTimeout(timer);
          resolve(found[1]!);
        }
      });
    }
    child.once("error", reject);
    child.once("exit", (code) => { reject(new Error(`it ended with ${String(code)}`)); });
  });
  try {
    return await address;
  } catch (error) {
    child.kill("SIGKILL");
    throw new Error(`code-server did not start: ${String(error)}\n${output.join("\n")}`, { cause: error });
  }
}
