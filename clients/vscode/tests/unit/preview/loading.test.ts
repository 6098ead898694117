import assert from "node:assert/strict";
import type { CancellationToken, Uri } from "vscode";
import { headOf } from "../../../src/preview/head";
import { RepeatedWork } from "../../../src/repeatedWork";
import { load, type Loaded } from "../../../src/preview/loading";
import type { Rendering, Report } from "../../../src/protocol";

const token = { isCancellationRequested: false } as CancellationToken;
const uri = Object.create(null) as Uri;

suite("loading a preview", () => {
  const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  async function check(renderings: (number | undefined)[], reports: (number | undefined)[], expected: unknown): Promise<void> {
    const connection = {
      render: () => {
        const version = renderings.shift();
        return Promise.resolve(version === undefined ? undefined : ({ version } as Rendering));
      },
      report: () => {
        const version = reports.shift();
        return Promise.resolve(version === undefined ? undefined : ({ version } as Report));
      },
    };
    assert.deepEqual(await load(connection, uri, token), expected);
  }

  test("takes answers of one version", async () => {
    await check([3], [3], { rendering: { version: 3 }, report: { version: 3 } });
    await check([3, 4], [4, 4], { rendering: { version: 4 }, report: { version: 4 } });
  });

  test("gives up while the document is edited, or when there is no answer", async () => {
    await check([1, 2, 3, 4], [2, 3, 4, 4], "edited");
    await check([undefined], [1], "unavailable");
    await check([1], [undefined], "unavailable");
  });

  test("runs one task at a time, and what was wanted meanwhile once more", async () => {
    const finish: (() => void)[] = [];
    const task = new RepeatedWork(
      () => new Promise((resolve) => finish.push(resolve)),
      { rest: 1, longestRest: 5_000 },
      () => 0,
    );
    task.ask();
    task.ask();
    task.ask();
    assert.equal(finish.length, 1);
    finish[0]!();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(finish.length, 2);
    finish[1]!();
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(finish.length, 2);
    task.dispose();
    task.ask();
    assert.equal(finish.length, 2);
  });

  test("rests as long as a run took, unless somebody hurries", async () => {
    let runs = 0;
    let now = 0;
    const task = new RepeatedWork(
      () => {
        runs += 1;
        now += 60_000;
        return Promise.resolve();
      },
      { rest: 1, longestRest: 5_000 },
      () => now,
    );
    task.ask();
    await tick();
    task.ask();
    await tick();
    assert.equal(runs, 1);
    task.askNow();
    assert.equal(runs, 2);
    task.dispose();
  });
});

suite("the head of a preview", () => {
  const report = {
    tokens: 90,
    expandedTokens: 100,
    model: null,
    encoding: "o200k_base",
    accuracy: "exact",
    estimate: null,
    budget: null,
    findings: [] as Report["findings"],
  } as Report;

  function check(changed: Partial<Report>, expected: object): void {
    const loaded = { rendering: { tokens: 100 }, report: { ...report, ...changed } } as Loaded;
    const plain = { tokens: 100, written: 90, factor: 1, exact: true, model: "o200k_base", budget: null, parts: 2, hidden: null };
    assert.deepEqual(headOf(loaded, 2, null), { ...plain, ...expected });
  }

  test("has the figures of the report", () => {
    check({}, {});
    check({ model: "gpt-4o" }, { model: "gpt-4o" });
  });

  test("says how the budget stands", () => {
    const budget = { used: 80, limit: 100, share: 0.8 };
    const finding = { code: "budget/document-near" } as Report["findings"][number];
    check({ budget }, { budget: { used: 80, limit: 100, state: "below" } });
    check({ budget, findings: [finding] }, { budget: { used: 80, limit: 100, state: "near" } });
    check({ budget: { used: 100, limit: 100, share: 1 } }, { budget: { used: 100, limit: 100, state: "over" } });
  });

  test("has the model's own figures where they are estimated", () => {
    const estimate = { low: 110, likely: 150, high: 190, source: "" };
    check({ accuracy: "estimate", estimate }, { exact: false, factor: 1.5 });
    check({ accuracy: "estimate", estimate, expandedTokens: null }, { exact: false, factor: 1 });
  });
});
