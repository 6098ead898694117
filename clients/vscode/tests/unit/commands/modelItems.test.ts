import * as assert from "node:assert/strict";
import { modelItems } from "../../../src/commands/modelItems";
import type { Model } from "../../../src/protocol";

function model(provider: string, name: string, values: Partial<Model> = {}): Model {
  return { name, provider, window: 128_000, inputPrice: 2.5, encoding: null, accuracy: "estimate", ...values };
}

const MODELS = [
  model("azure", "gpt-4o"),
  model("groq", "llama", { window: null, inputPrice: null }),
  model("openai", "gpt-4o", { accuracy: "exact" }),
];

suite("models to choose from", () => {
  test("makers come first, others are named with their provider where that tells them apart", () => {
    const names = modelItems(MODELS, null).map(({ name }) => name);
    assert.deepEqual(names, [undefined, "gpt-4o", "azure/gpt-4o", "llama"]);
  });
  test("what is said of them", () => {
    const details = modelItems(MODELS, null).map(({ description, detail }) => `${description}: ${detail}`);
    assert.deepEqual(details.slice(1), [
      "openai: window 128,000 · $2.50 per million input tokens · counted exactly",
      "azure: window 128,000 · $2.50 per million input tokens · estimated",
      "groq: window not known · price not known · estimated",
    ]);
  });
  test("small prices keep their digits", () => {
    const [, item] = modelItems([model("x", "small", { inputPrice: 0.0375 })], null);
    assert.match(item?.detail ?? "", /\$0\.0375/);
  });
  for (const [current, expected] of [
    [null, [undefined]],
    ["gpt-4o", ["gpt-4o"]],
    ["azure/gpt-4o", ["azure/gpt-4o"]],
    ["ollama/mine", ["ollama/mine"]],
  ] as const) {
    test(`in use: ${current}`, () => {
      const marked = modelItems(MODELS, current).filter(({ isCurrent }) => isCurrent);
      assert.deepEqual(
        marked.map(({ name }) => name),
        expected,
      );
      assert.ok(marked.every(({ description }) => description?.includes("in use")));
    });
  }
});
