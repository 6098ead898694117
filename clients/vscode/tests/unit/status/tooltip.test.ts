import * as assert from "node:assert/strict";
import type { Summary } from "../../../src/protocol";
import { cell, tooltipMarkdown } from "../../../src/status/tooltip";

const SUMMARY: Summary = {
  uri: "file:///a.md",
  version: 1,
  revision: 0,
  dialect: "markdown",
  model: "gpt-4o",
  encoding: "o200k_base",
  accuracy: "exact",
  tokens: 1234,
  expandedTokens: 6400,
  pending: 0,
  estimate: null,
  budget: { limit: 8000, used: 6400, share: 0.8 },
  shown: true,
  window: 128_000,
  warnAt: 0.8,
};
const NONE = { errors: 0, warnings: 0 };

/** The rows of the table, as `name: value`. */
function rows(markdown: string): string[] {
  const cells = /^\| (.*?) \| (.*) \|$/;
  return markdown.split("\n").flatMap((line) => {
    const [, name, value] = cells.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [`${name}: ${value}`];
  });
}

suite("the tooltip of the status bar", () => {
  test("all figures of an exact count", () => {
    assert.deepEqual(rows(tooltipMarkdown(SUMMARY, { errors: 1, warnings: 2 }, false)), [
      "As written: 1,234 tokens",
      "As sent: 6,400 tokens",
      "Model: gpt\\-4o",
      "Encoding: o200k\\_base",
      "Accuracy: exact",
      "Window: 128,000 tokens · 5 %",
      "Budget: 80 % of 8,000",
      "Findings: [1 error, 2 warnings](command:workbench.actions.view.problems)",
    ]);
  });
  test("an estimate, a pending reference, no budget and no known model", () => {
    const estimate = { low: 1300, likely: 1480, high: 1600, source: "measured | by us" };
    const summary: Summary = {
      ...SUMMARY,
      accuracy: "estimate",
      estimate,
      expandedTokens: null,
      pending: 2,
      budget: null,
      model: null,
      window: null,
    };
    assert.deepEqual(rows(tooltipMarkdown(summary, NONE, false)), [
      "As written: ≈1,234 tokens",
      "As sent: 2 references are being looked up",
      "Model: none is set",
      "Encoding: o200k\\_base",
      "Accuracy: estimate: 1,300 to 1,600 tokens (measured \\| by us)",
      "Budget: none is set",
      "Findings: none",
    ]);
  });
  test("a quiet document may be made a prompt", () => {
    const link = "(command:promptls.treatAsPrompt)";
    assert.ok(tooltipMarkdown(SUMMARY, NONE, true).includes(link));
    assert.ok(!tooltipMarkdown(SUMMARY, NONE, false).includes(link));
  });
  test("a model's name is text, whatever a document writes", () => {
    const written = "[x](command:promptls.copyRenderedPrompt) | <b>\n$(error) `a`";
    const escaped = "\\[x\\]\\(command\\:promptls\\.copyRenderedPrompt\\) \\| \\<b\\> \\$\\(error\\) \\`a\\`";
    assert.equal(cell(written), escaped);
    const shown = rows(tooltipMarkdown({ ...SUMMARY, model: written }, NONE, false));
    assert.equal(shown[2], `Model: ${escaped}`);
  });
});
