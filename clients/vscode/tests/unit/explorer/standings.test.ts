import { deepEqual } from "node:assert/strict";
import { changesBetween, figuresOf, type Standing, standingsOf } from "../../../src/explorer/standings";
import type { WorkspaceDocument, WorkspaceReport } from "../../../src/protocol";
import { finding, report } from "../budget/reports";

function document(uri: string, used: number, limit: number | null, ...codes: string[]): WorkspaceDocument {
  return report(used, {
    uri,
    budget: limit === null ? null : { limit, used, share: used / limit },
    findings: codes.map((code) => finding(code, 0)),
  });
}

function workspace(...documents: WorkspaceDocument[]): WorkspaceReport {
  const findings = { error: 0, warning: 0, information: 0, hint: 0 };
  return { documents, totals: { documents: documents.length, tokens: 0, expandedTokens: 0, pending: 0, findings }, complete: true };
}

const over: Standing = { level: "exceeded", used: 2345, limit: 2000, isExact: true };

suite("standings of prompt files", () => {
  test("are those that a finding tells of", () => {
    const found = standingsOf(
      workspace(
        document("file:///over", 2345, 2000, "budget/section-near", "budget/document-exceeded"),
        document("file:///near", 1900, 2000, "budget/document-near"),
        document("file:///within", 10, 2000),
        document("file:///ignored", 2345, 2000),
        document("file:///sections", 2345, null, "budget/section-exceeded"),
        document("file:///unlimited", 2345, null),
      ),
    );
    deepEqual([...found], [
      ["file:///over", over],
      ["file:///near", { ...over, level: "near", used: 1900 }],
    ]);
  });

  test("are approximate where the count is", () => {
    const estimated = { ...document("file:///a", 2345, 2000, "budget/document-exceeded"), accuracy: "estimate" as const };
    deepEqual(figuresOf(standingsOf(workspace(estimated)).get("file:///a")!), ["≈2,345", "117 %", "2,000"]);
  });

  test("are written with exact figures else", () => {
    deepEqual(figuresOf(over), ["2,345", "117 %", "2,000"]);
  });
});

suite("changes between standings", () => {
  for (const [name, before, after, expected] of [
    ["nothing", {}, {}, []],
    ["the same", { a: over }, { a: { ...over } }, []],
    ["one that came", {}, { a: over }, ["a"]],
    ["one that went", { a: over, b: over }, { b: over }, ["a"]],
    ["other figures", { a: over }, { a: { ...over, used: 2346 } }, ["a"]],
    ["another level", { a: over }, { a: { ...over, level: "near" } }, ["a"]],
    ["a server that stopped", { a: over, b: over }, {}, ["a", "b"]],
  ] as [string, Record<string, Standing>, Record<string, Standing>, string[]][]) {
    test(name, () => {
      deepEqual(changesBetween(new Map(Object.entries(before)), new Map(Object.entries(after))), expected);
    });
  }
});
