/**
 * Runs a command where nothing but 127.0.0.1 can be reached, with all that it starts:
 * `node loopback.cjs COMMAND ARGUMENT…`. On Linux that is a network namespace; `PROMPTLS_NETWORK=open` runs the
 * command as it is, for systems that have none.
 */
import { spawnSync } from "node:child_process";

const command = process.argv.slice(2);
const asRoot = process.getuid?.() === 0;
const namespace = ["unshare", "--net", ...(asRoot ? [] : ["--map-root-user"])];
const inside = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh"];

if (process.env["PROMPTLS_NETWORK"] !== "open") {
  const trial = spawnSync(namespace[0]!, [...namespace.slice(1), ...inside, "true"], { encoding: "utf8" });
  if (trial.status !== 0) {
    console.error(
      `no network namespace can be made (${(trial.error?.message ?? trial.stderr).trim()}): ` +
        "it needs util-linux and iproute2, and the right to make namespaces; " +
        "PROMPTLS_NETWORK=open runs the tests without one",
    );
    process.exit(1);
  }
  command.unshift(...namespace, ...inside);
}
const result = spawnSync(command[0]!, command.slice(1), { stdio: "inherit" });
process.exitCode = result.status ?? 1;
