/** The server's process: spawned with its standard streams, watched, and ended for certain. */
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { createInterface } from "node:readline";
import type { LogOutputChannel } from "vscode";
import type { Launch } from "../server/model";

/** Milliseconds that a server has to leave after it was asked to. */
const LEAVES_WITHIN = 2_000;

/** Start the server. Rejects with the system's error when the program cannot be run. */
export async function spawnServer(launch: Launch, log: LogOutputChannel): Promise<ChildProcess> {
  log.info(`starting ${launch.command} ${launch.args.join(" ")}`);
  const server = spawn(launch.command, launch.args, {
    cwd: launch.cwd,
    env: launch.env,
    stdio: "pipe",
    windowsHide: true,
  });
  await new Promise<void>((resolve, reject) => {
    server.once("spawn", resolve);
    server.once("error", reject);
  });
  // A pipe to a process that has gone raises EPIPE; the connection tells of the end by itself.
  server.stdin.on("error", () => undefined);
  server.once("exit", (code, signal) => {
    log.info(`server ${server.pid ?? "?"} ended with ${signal ?? `code ${code ?? "?"}`}`);
  });
  log.info(`server runs as process ${server.pid ?? "?"}`);
  return server;
}

/** Have a server end that has been asked to: after two seconds it is ended by force. */
export function endServer(server: ChildProcess): void {
  if (server.exitCode !== null || server.signalCode !== null) {
    return;
  }
  const timer = setTimeout(() => server.kill("SIGKILL"), LEAVES_WITHIN);
  timer.unref();
  server.once("exit", () => {
    clearTimeout(timer);
  });
}

/** Put the server's log lines into the editor's log, at the level that they name. */
export function forwardLog(input: Readable, log: LogOutputChannel): void {
  const level = / (DEBUG|INFO|WARNING|ERROR|CRITICAL) /;
  createInterface({ input, crlfDelay: Infinity }).on("line", (line) => {
    switch (level.exec(line)?.[1]) {
      case "DEBUG":
        log.debug(line);
        break;
      case "INFO":
        log.info(line);
        break;
      case "WARNING":
        log.warn(line);
        break;
      default:
        log.error(line);
    }
  });
}
