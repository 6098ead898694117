/** What the extension host loads as the tests: runs the Mocha tests of one launch and writes down how it went. */
import { appendFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { format } from "node:util";
import Mocha from "mocha";
import { sayRetries } from "./retries";

/** The folder of the bundled tests of this launch, and the file that the output goes to. */
const { PROMPTLS_HOST_TESTS: folder, PROMPTLS_HOST_OUTPUT: output, PROMPTLS_HOST_GREP: grep } = process.env;

export async function run(): Promise<void> {
  if (folder === undefined || output === undefined) {
    throw new Error("started without PROMPTLS_HOST_TESTS and PROMPTLS_HOST_OUTPUT");
  }
  // The console of an extension host ends up in the developer tools of a window that nobody sees.
  Mocha.reporters.Base.consoleLog = (...parts: unknown[]) => { appendFileSync(output, `${format(...parts)}\n`); };
  const mocha = new Mocha({ ui: "tdd", reporter: "spec", timeout: 120_000, retries: 1, color: false, ...(grep === undefined ? {} : { grep }) });
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".test.cjs")).sort()) {
    mocha.addFile(join(folder, name));
  }
  const failures = await new Promise<number>((resolve) => { sayRetries(mocha.run(resolve)); });
  if (failures > 0) {
    throw new Error(`${failures} failed`);
  }
}
