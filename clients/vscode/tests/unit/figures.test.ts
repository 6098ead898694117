import * as assert from "node:assert/strict";
import { approximately, count, percent, shareOf } from "../../src/figures";

suite("figures are written as in the server's hints", () => {
  for (const [tokens, expected] of [
    [0, "0"],
    [999, "999"],
    [1234, "1,234"],
    [1234567, "1,234,567"],
  ] as const) {
    test(`${tokens} tokens`, () => {
      assert.equal(count(tokens), expected);
    });
  }
  for (const [share, expected] of [
    [0, "0 %"],
    [0.9999, "99 %"],
    [1, "100 %"],
    [0.29, "29 %"],
    [12.345, "1,234 %"],
  ] as const) {
    test(`a share of ${share}`, () => {
      assert.equal(percent(share), expected);
    });
  }
  test("a share of a budget is not rounded up to it", () => {
    assert.equal(shareOf({ limit: 20_000, used: 19_999, share: 1 }), "99 % of 20,000");
  });
  test("what is not exact is marked", () => {
    assert.deepEqual([approximately({ accuracy: "exact" }), approximately({ accuracy: "estimate" })], ["", "≈"]);
  });
});
