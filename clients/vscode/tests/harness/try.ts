/**
 * Puts the packed extension before a person: in the VS Code of this machine where `code` is on the PATH, else in
 * code-server, on the project's own examples, until Ctrl+C.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { editors } from "./editors";
import { projectFolder, testsOutput } from "./folders";
import { packedExtension } from "./vsix";

const examples = join(projectFolder, "examples");
const first = join(examples, "CLAUDE.md");
/** Kept, so that the next start finds the environment of the language server made. */
const profile = join(projectFolder, ".cache", "try");

/** What a person can change in the window; it is written once. */
const settings = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "editor.inlayHints.enabled": "on",
  "telemetry.telemetryLevel": "off",
  // The examples are the project's own.
  "security.workspace.trust.enabled": false,
};

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const extension = packedExtension();
  const code = onPath(process.platform === "win32" ? "code.cmd" : "code");
  if (code === undefined) {
    await serve(extension);
  } else {
    // A batch file is started by the shell alone.
    const shell = process.platform === "win32";
    run(code, ["--install-extension", extension, "--force"], shell);
    run(code, [examples, first], shell);
    console.log(`promptls is installed in VS Code, and ${examples} is open in it`);
  }
}

/** Runs code-server until this process is told to end. */
async function serve(extension: string): Promise<void> {
  run(process.execPath, [join(testsOutput, "harness", "install.cjs")]);
  const user = join(profile, "data", "User");
  mkdirSync(user, { recursive: true });
  if (!existsSync(join(user, "settings.json"))) {
    writeFileSync(join(user, "settings.json"), `${JSON.stringify(settings, undefined, 2)}\n`);
  }
  const { nodeProgram, codeServerEntry } = editors();
  const places = [
    ...["--user-data-dir", join(profile, "data"), "--extensions-dir", join(profile, "extensions")],
    ...["--config", join(profile, "config.yaml")],
  ];
  run(nodeProgram, [codeServerEntry, ...places, "--install-extension", extension, "--force"]);
  const flags = [
    ...["--bind-addr", "127.0.0.1:0", "--auth", "none", "--disable-telemetry", "--disable-update-check"],
    ...["--disable-workspace-trust", "--disable-getting-started-override", "--ignore-last-opened"],
  ];
  const server = spawn(nodeProgram, [codeServerEntry, ...places, ...flags], {
    env: { ...process.env, EXTENSIONS_GALLERY: "{}" },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: Ctrl+C reaches this process alone, which ends all of the editor.
    detached: true,
  });
  const ended = once(server, "exit");
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => { void stop(server); });
  }
  const output = printAddress(server);
  const [status, signal] = (await ended) as [number | null, NodeJS.Signals | null];
  endGroup(server, "SIGKILL");
  if (!stopping && status !== 0) {
    throw new Error(`code-server ended with ${String(status ?? signal)}\n${output.join("\n")}`);
  }
}

/** Prints the address of a window on the examples as soon as the server listens; gives what the server says. */
function printAddress(server: ChildProcess): string[] {
  const output: string[] = [];
  for (const stream of [server.stdout!, server.stderr!]) {
    createInterface(stream).on("line", (line) => {
      output.push(line);
      const authority = /HTTP server listening on http:\/\/(\S+?)\/?$/.exec(line)?.[1];
      if (authority !== undefined) {
        const payload = JSON.stringify([["openFile", `vscode-remote://${authority}${first}`]]);
        console.log(`\nVS Code with promptls, on ${examples}:\n`);
        console.log(`  http://${authority}/?${new URLSearchParams({ folder: examples, payload }).toString()}\n`);
        console.log("Ctrl+C stops it.");
      }
    });
  }
  return output;
}

let stopping = false;

async function stop(server: ChildProcess): Promise<void> {
  stopping = true;
  endGroup(server, "SIGTERM");
  const forced = setTimeout(() => { endGroup(server, "SIGKILL"); }, 5_000);
  if (server.exitCode === null && server.signalCode === null) {
    await once(server, "exit");
  }
  clearTimeout(forced);
}

function endGroup(server: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-server.pid!, signal);
  } catch {
    // All of the group has ended already.
  }
}

function run(program: string, options: string[], shell = false): void {
  const quoted = shell ? [program, ...options].map((part) => `"${part}"`) : [program, ...options];
  const { status, error } = spawnSync(quoted[0]!, quoted.slice(1), { stdio: "inherit", shell });
  if (status !== 0) {
    throw new Error(`${program} ${options[0] ?? ""} failed${error === undefined ? "" : `: ${error.message}`}`);
  }
}

function onPath(program: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}
