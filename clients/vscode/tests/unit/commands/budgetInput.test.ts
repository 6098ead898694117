import * as assert from "node:assert/strict";
import { readBudget } from "../../../src/commands/budgetInput";

function check(written: string, expected: number | string): void {
  test(JSON.stringify(written), () => {
    const reading = readBudget(written);
    assert.equal(reading.kind === "wrong" ? reading.reason : reading.setting, expected);
  });
}

suite("a budget as a person writes it: tokens", () => {
  check("2000", 2000);
  check(" 2000 ", 2000);
  check("2,000", 2000);
  check("2.000", 2000);
  check("2 000", 2000);
  check("2\u202f000", 2000);
  check("2'000", 2000);
  check("1_000_000", 1_000_000);
  check("1,000,000", 1_000_000);
  check("1000000000000", 1_000_000_000_000);
});

suite("a budget as a person writes it: a share", () => {
  check("60%", "60%");
  check("60 %", "60%");
  check("060%", "60%");
  check("12.5%", "12.5%");
  check("12,5 %", "12.5%");
  check("1000%", "1000%");
});

suite("a budget as a person writes it: what is refused", () => {
  check("", "form");
  check("many", "form");
  check("-5", "form");
  check("1.5", "form");
  check("2,00", "form");
  check("2,000.000", "form");
  check("20,00,000", "form");
  check("8k", "form");
  check("%", "form");
  check("0", "nothing");
  check("0,000", "nothing");
  check("0%", "nothing");
  check("0.0 %", "nothing");
  check("1000.5%", "too-much");
  check("1000000000001", "too-much");
  check("99999999999999", "form");
});
