import * as assert from "node:assert/strict";
import type { Summary } from "../../../src/protocol";
import { figuresText, levelOf, modelTokens, type StatusText } from "../../../src/status/statusText";

const PLAIN: Summary = {
  uri: "file:///a.md",
  version: 1,
  revision: 0,
  dialect: "markdown",
  model: null,
  encoding: "cl100k_base",
  accuracy: "exact",
  tokens: 1234,
  expandedTokens: 1234,
  pending: 0,
  estimate: null,
  budget: null,
  shown: true,
  window: 128_000,
  warnAt: 0.8,
};
const ESTIMATED: Partial<Summary> = {
  accuracy: "estimate",
  estimate: { low: 1300, likely: 1480, high: 1600, source: "a source" },
};
const COUNTING: Partial<Summary> = { tokens: null, expandedTokens: null };

function budget(used: number, limit: number): Partial<Summary> {
  return { budget: { used, limit, share: used / limit } };
}

function check(name: string, summary: Partial<Summary>, expected: StatusText, last?: Summary, busy?: boolean): void {
  test(name, () => {
    assert.deepEqual(figuresText({ ...PLAIN, ...summary }, last, busy), expected);
  });
}

suite("the text of the status bar", () => {
  check("an exact count", {}, { text: "1,234 tok", level: "none", sentence: "1,234 tokens." });
  check("a budget", budget(1234, 2000), {
    text: "1,234 tok · 61 % of 2,000",
    level: "none",
    sentence: "1,234 tokens. 61 % of its budget of 2,000.",
  });
  check("more is sent than written", { expandedTokens: 5678, ...budget(5678, 8000) }, {
    text: "1,234 → 5,678 tok · 70 % of 8,000",
    level: "none",
    sentence: "1,234 tokens. 5,678 tokens as sent. 70 % of its budget of 8,000.",
  });
  check("near the budget", budget(1600, 2000), {
    text: "$(warning) 1,234 tok · 80 % of 2,000",
    level: "warning",
    sentence: "1,234 tokens. Warning: near its budget, 80 % of 2,000.",
  });
  check("all of the budget", budget(2000, 2000), {
    text: "$(error) 1,234 tok · 100 % of 2,000",
    level: "error",
    sentence: "1,234 tokens. Error: its budget of 2,000 is used up.",
  });
  check("over the budget", budget(2500, 2000), {
    text: "$(error) 1,234 tok · 125 % of 2,000",
    level: "error",
    sentence: "1,234 tokens. Error: over its budget, 125 % of 2,000.",
  });
  check("an estimate", ESTIMATED, { text: "≈1,480 tok", level: "none", sentence: "About 1,480 tokens." });
  check(
    "an estimate of what is sent",
    { ...ESTIMATED, tokens: 617 },
    { text: "≈740 → 1,480 tok", level: "none", sentence: "About 740 tokens. 1,480 tokens as sent." },
  );
  check("not exact, and without an estimate", { accuracy: "calibrated" }, {
    text: "≈1,234 tok",
    level: "none",
    sentence: "About 1,234 tokens.",
  });
  check("the first count", COUNTING, {
    text: "$(sync~spin) counting…",
    level: "none",
    sentence: "The tokens of this document are being counted.",
  });
  check(
    "a later count keeps the figures",
    COUNTING,
    {
      text: "$(sync~spin) $(warning) 1,234 tok · 90 % of 2,000",
      level: "warning",
      sentence: "1,234 tokens. Warning: near its budget, 90 % of 2,000. It is being counted again.",
    },
    { ...PLAIN, ...budget(1800, 2000) },
  );
  check("one reference pending", { expandedTokens: null, pending: 1 }, {
    text: "$(sync~spin) 1,234 tok",
    level: "none",
    sentence: "1,234 tokens. One reference is being looked up.",
  });
  check("references pending", { expandedTokens: null, pending: 1200 }, {
    text: "$(sync~spin) 1,234 tok",
    level: "none",
    sentence: "1,234 tokens. 1,200 references are being looked up.",
  });
  check(
    "while the server starts again",
    {},
    { text: "$(sync~spin) 1,234 tok", level: "none", sentence: "1,234 tokens. The promptls server is starting." },
    undefined,
    true,
  );
  check("an empty document", { tokens: 0, expandedTokens: 0 }, {
    text: "0 tok",
    level: "none",
    sentence: "0 tokens.",
  });
});

suite("how a budget stands", () => {
  for (const [used, limit, warnAt, expected] of [
    [28, 100, 0.29, "none"],
    [29, 100, 0.29, "warning"],
    [799, 1000, 0.8, "none"],
    [800, 1000, 0.8, "warning"],
    [999, 1000, 1, "none"],
    [1000, 1000, 1, "error"],
    [0, 1, 0.8, "none"],
  ] as const) {
    test(`${used} of ${limit}, warning at ${warnAt}`, () => {
      assert.equal(levelOf({ used, limit, share: used / limit }, warnAt), expected);
    });
  }
  test("no budget", () => {
    assert.equal(levelOf(null, 0.8), "none");
  });
});

suite("tokens as the model counts them", () => {
  test("an estimate of nothing divides by nothing", () => {
    const estimate = { low: 0, likely: 0, high: 0, source: "" };
    assert.deepEqual(modelTokens({ ...PLAIN, tokens: 10, expandedTokens: 0, estimate }), { own: 10, sent: 0 });
  });
});
