/**
 * Runs the Mocha tests of tests/browser on the packed extension: `node browserRunner.cjs [--grep TEXT] [FILE…]`, files
 * by name without `.test.ts`.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Mocha from "mocha";
import { removeFolder, temporaryFolder, testsOutput } from "./folders";
import { sayRetries } from "./retries";

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { grep: { type: "string" } }, allowPositionals: true });
  const folder = join(testsOutput, "browser");
  const names = readdirSync(folder).filter((name) => name.endsWith(".test.cjs"));
  const chosen = positionals.length === 0 ? names : positionals.map((name) => `${name}.test.cjs`);
  const mocha = new Mocha({ ui: "tdd", timeout: 300_000, retries: 1, slow: 60_000, ...(values.grep === undefined ? {} : { grep: values.grep }) });
  for (const name of chosen.sort()) {
    mocha.addFile(join(folder, name));
  }
  // All sessions but first runs share the environment that the first of them makes.
  const storage = temporaryFolder();
  process.env["PROMPTLS_TEST_STORAGE"] = storage;
  const failures = await new Promise<number>((resolve) => { sayRetries(mocha.run(resolve)); });
  await removeFolder(storage);
  process.exitCode = failures === 0 ? 0 : 1;
}
