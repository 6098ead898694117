/** What a test does with an answer of the search for the server. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { Launch, LaunchProblem } from "../../../src/server/model";

export type InEnvironment = Launch & { environment: string };

/** The launch, which must be one from a private environment. */
export function launched(found: Launch | LaunchProblem): InEnvironment {
  assert.equal(found.kind, "launch", found.kind === "problem" ? found.message : "");
  assert.ok(found.environment !== undefined);
  return { ...found, environment: found.environment };
}

/** The problem, which there must be. */
export function problem(found: Launch | LaunchProblem): LaunchProblem {
  assert.equal(found.kind, "problem");
  return found;
}

/** Whether a server answers the first request of the protocol. */
export async function answers(launch: Launch): Promise<boolean> {
  const server = spawn(launch.command, launch.args, { cwd: launch.cwd, env: launch.env });
  const params = { processId: null, rootUri: null, capabilities: {} };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params });
  server.stdin.on("error", () => undefined).write(`Content-Length: ${body.length}\r\n\r\n${body}`);
  let output = "";
  const answered = await new Promise<boolean>((resolve) => {
    server.once("exit", () => {
      resolve(false);
    });
    server.stdout.on("data", (data: Buffer) => {
      output += data.toString();
      if (output.includes('"capabilities"')) {
        resolve(true);
      }
    });
  });
  server.kill("SIGKILL");
  return answered;
}

/** Run a search in a process of its own, as another window does; `prefix` is put before the command. */
export async function inAnotherWindow(
  script: string,
  request: object,
  prefix: string[],
): Promise<{ found: Launch | LaunchProblem; lines: string[] }> {
  const command = [...prefix, process.execPath, script, JSON.stringify(request)];
  const child = spawn(command[0]!, command.slice(1), { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  return JSON.parse(output) as { found: Launch | LaunchProblem; lines: string[] };
}
