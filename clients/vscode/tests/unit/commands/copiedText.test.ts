import * as assert from "node:assert/strict";
import { copiedText } from "../../../src/commands/copiedText";

suite("what is said of a copied prompt", () => {
  for (const [tokens, pending, expected] of [
    [1234, 0, "The rendered prompt was copied: 1,234 tokens."],
    [null, 0, "The rendered prompt was copied."],
    [
      5,
      1,
      "The rendered prompt was copied: 5 tokens. One reference is still being looked up and stands in it as it is written.",
    ],
    [
      5,
      2,
      "The rendered prompt was copied: 5 tokens. 2 references are still being looked up and stand in it as they are written.",
    ],
  ] as const) {
    test(`${tokens} tokens, ${pending} pending`, () => {
      assert.equal(copiedText(tokens, pending), expected);
    });
  }
});
