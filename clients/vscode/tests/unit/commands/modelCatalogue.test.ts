import * as assert from "node:assert/strict";
import { findModel } from "../../../src/commands/modelCatalogue";
import type { Model } from "../../../src/protocol";

const GPT: Model = {
  name: "gpt-4o",
  provider: "openai",
  window: 128_000,
  inputPrice: 2.5,
  encoding: "o200k_base",
  accuracy: "exact",
};

suite("a model by the name that a setting gives it", () => {
  const azure = { ...GPT, provider: "azure" };
  for (const [name, expected] of [
    ["gpt-4o", GPT],
    ["GPT-4o", GPT],
    ["azure/gpt-4o", azure],
    ["gpt-5", undefined],
  ] as const) {
    test(name, () => {
      assert.equal(findModel([GPT, azure], name), expected);
    });
  }
});
