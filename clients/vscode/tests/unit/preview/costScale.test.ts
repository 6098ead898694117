import assert from "node:assert/strict";
import { shareLabel, stepLabels, stepOf } from "../../../src/preview/costScale";

suite("the scale of costs", () => {
  test("has five steps, and none for what is not known", () => {
    for (const [tokens, whole, expected] of [
      [0, 100, 1],
      [1, 100, 1],
      [2, 100, 2],
      [5, 100, 3],
      [10, 100, 4],
      [24, 100, 4],
      [25, 100, 5],
      [100, 100, 5],
      [null, 100, 0],
      [5, null, 0],
      [0, 0, 0],
    ] as const) {
      assert.equal(stepOf(tokens, whole), expected);
    }
  });

  test("has a legend", () => {
    assert.deepEqual(stepLabels(), ["< 2 %", "2 % – 5 %", "5 % – 10 %", "10 % – 25 %", "≥ 25 %"]);
  });

  test("says shares", () => {
    for (const [tokens, whole, expected] of [
      [12, 100, "12 %"],
      [1, 1_000, "< 1 %"],
      [0, 1_000, "0 %"],
      [0, 0, "0 %"],
      [999, 1_000, "99 %"],
    ] as const) {
      assert.equal(shareLabel(tokens, whole), expected);
    }
  });
});
