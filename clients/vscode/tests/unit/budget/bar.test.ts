import { equal } from "node:assert/strict";
import { bar } from "../../../src/budget/bar";

suite("bar", () => {
  for (const [share, expected] of [
    [0, "░░░░░░░░"],
    [0.0001, "▏░░░░░░░"],
    [0.5, "████░░░░"],
    [0.44, "███▌░░░░"],
    [0.999, "███████▉"],
    [1, "████████"],
    [1.2, "████████"],
    [-1, "░░░░░░░░"],
  ] as const) {
    test(`${share} is ${expected}`, () => {
      equal(bar(share), expected);
    });
  }

  test("has as many characters as it is given", () => {
    equal(bar(0.3, 3), "▉░░");
  });
});
