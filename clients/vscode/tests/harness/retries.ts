/** What a test failed of that was then tried again: its second failure may be another, and a success would hide it. */
import Mocha from "mocha";

export function sayRetries(runner: Mocha.Runner): void {
  runner.on("retry", (test: Mocha.Test, error: Error) => {
    Mocha.reporters.Base.consoleLog("    tried again: %s\n%s", test.fullTitle(), error.stack ?? String(error));
  });
}
