import assert from "node:assert/strict";
import { readHostMessage, readPageMessage, readState } from "../../../src/preview/messages";

suite("messages of the preview", () => {
  test("are taken from the page as they should be", () => {
    for (const message of [
      { type: "ready" },
      { type: "lock", locked: true },
      { type: "copy" },
      { type: "copyPart", revision: 1, block: 0 },
      { type: "copyInsert", revision: 1, block: 0, run: 2 },
      { type: "open", revision: 1, block: 0, offset: 7, focus: false },
      { type: "more" },
      { type: "act" },
    ]) {
      assert.deepEqual(readPageMessage(message), message);
    }
  });

  test("are not taken from the page otherwise", () => {
    for (const message of [
      undefined,
      null,
      "ready",
      [],
      {},
      { type: "other" },
      { type: "lock", locked: "yes" },
      { type: "open", revision: 1, block: -1, offset: 0, focus: true },
      { type: "open", revision: 1, block: 0.5, offset: 0, focus: true },
      { type: "open", revision: 1, block: 0, offset: Number.NaN, focus: true },
      { type: "open", revision: 1, block: 0, offset: 0 },
      { type: "copyPart", revision: "1", block: 0 },
      { type: "copyInsert", revision: 1, block: 0 },
    ]) {
      assert.equal(readPageMessage(message), undefined);
    }
    assert.deepEqual(readPageMessage({ type: "copy", command: "other" }), { type: "copy" });
  });

  const head = { tokens: 1, written: null, factor: 1.5, exact: false, model: "m", budget: null, parts: 1, hidden: null };

  test("are taken from the extension as they should be", () => {
    for (const message of [
      { type: "head", head: null },
      { type: "head", head },
      { type: "head", head: { ...head, budget: { used: 1, limit: 2, state: "near" }, hidden: { parts: 1, characters: 5 } } },
      { type: "blocks", revision: 1, from: 0, removed: 0, added: [{ tokens: null, runs: [{ text: "a" }] }], last: true },
      { type: "cursor", revision: 1, block: null, offset: 0, scroll: true },
      { type: "status", status: null },
      { type: "status", status: { kind: "problem", message: "m", action: "a" } },
      { type: "document", uri: "file:///a.md", locked: false },
      { type: "copied" },
    ]) {
      assert.equal(readHostMessage(message), message);
    }
  });

  test("are not taken from the extension otherwise", () => {
    for (const message of [
      null,
      1,
      { type: "other" },
      { type: "head" },
      { type: "head", head: { ...head, model: 1 } },
      { type: "head", head: { ...head, budget: {} } },
      { type: "head", head: { ...head, budget: { used: 1, limit: 2, state: "odd" } } },
      { type: "blocks", revision: 1, from: 0, removed: 0, added: [{ tokens: 1, runs: [{}] }], last: true },
      { type: "blocks", revision: 1, from: 0, removed: 0, added: {}, last: true },
      { type: "status", status: { kind: "odd", message: "m", action: null } },
      { type: "cursor", revision: 1, block: "0", offset: 0, scroll: true },
    ]) {
      assert.equal(readHostMessage(message), undefined);
    }
  });

  test("keep what a reload needs", () => {
    assert.deepEqual(readState({ uri: "file:///a.md", locked: true, more: 1 }), { uri: "file:///a.md", locked: true });
    for (const state of [undefined, null, {}, { uri: 1, locked: true }, { uri: "a" }]) {
      assert.equal(readState(state), undefined);
    }
  });
});
