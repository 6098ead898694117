import * as assert from "node:assert/strict";
import type { QuickPickItem } from "vscode";
import { WordSearch } from "../../../src/commands/wordSearch";

const SEARCH = new WordSearch<QuickPickItem>([
  { label: "Use the default" },
  { label: "claude-sonnet-4-5", description: "anthropic", detail: "window 200,000 · $3.00" },
  { label: "chatgpt-4o-latest", description: "openai", detail: "window 128,000 · $5.00" },
  { label: "gpt-4o", description: "openai", detail: "window 128,000 · $2.50" },
  { label: "openai/gpt-4o", description: "openrouter", detail: "window 128,000 · $2.50" },
]);

suite("finding items by words", () => {
  for (const [text, expected] of [
    ["sonnet 4", ["claude-sonnet-4-5"]],
    ["4.5 Sonnet", ["claude-sonnet-4-5"]],
    ["gpt4o", ["gpt-4o", "chatgpt-4o-latest", "openai/gpt-4o"]],
    ["gpt-4o", ["gpt-4o", "chatgpt-4o-latest", "openai/gpt-4o"]],
    ["openai gpt-4o", ["openai/gpt-4o", "chatgpt-4o-latest", "gpt-4o"]],
    ["200,000", ["claude-sonnet-4-5"]],
    ["anthropic $3", ["claude-sonnet-4-5"]],
    ["default", ["Use the default"]],
    ["none such", []],
    ["-", ["claude-sonnet-4-5", "chatgpt-4o-latest", "gpt-4o", "openai/gpt-4o"]],
  ] as const) {
    test(text, () => {
      assert.deepEqual(
        SEARCH.find(text).map(({ label }) => label),
        expected,
      );
    });
  }
  test("no text finds all, in their order, past the editor's filter", () => {
    const all = SEARCH.find("  ");
    assert.equal(all[0]?.label, "Use the default");
    assert.equal(all.length, 5);
    assert.ok(all.every(({ alwaysShow }) => alwaysShow));
  });
});
