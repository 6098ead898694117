import * as assert from "node:assert/strict";
import { BACK, runSteps, type Step } from "../../../src/commands/steps";

type Move = "on" | "back" | "leave";

/** Which questions are asked, by number, with `<` where there is a way back, when these are the answers. */
async function asked(answers: Move[]): Promise<string[]> {
  const seen: string[] = [];
  const step =
    (number: number): Step =>
    (mayGoBack) => {
      seen.push(`${number}${mayGoBack ? "<" : ""}`);
      switch (answers.shift()) {
        case "on":
          return Promise.resolve(step(number + 1));
        case "back":
          return Promise.resolve(BACK);
        case "leave":
        case undefined:
          return Promise.resolve(undefined);
      }
    };
  await runSteps(step(1));
  return seen;
}

suite("questions in several steps", () => {
  for (const [answers, expected] of [
    [["leave"], ["1"]],
    [["on", "on", "leave"], ["1", "2<", "3<"]],
    [["on", "back", "on", "leave"], ["1", "2<", "1", "2<"]],
    [["on", "on", "back", "back", "leave"], ["1", "2<", "3<", "2<", "1"]],
    [["back"], ["1"]],
  ] as [Move[], string[]][]) {
    test(answers.join(", "), async () => {
      assert.deepEqual(await asked(answers), expected);
    });
  }
});
