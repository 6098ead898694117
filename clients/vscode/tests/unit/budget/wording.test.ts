import { deepEqual, equal, ok } from "node:assert/strict";
import { BudgetModel, modelOf } from "../../../src/budget/model";
import { rowOf, shareText } from "../../../src/budget/wording";
import type { Report } from "../../../src/protocol";
import { finding, reference, report, section } from "./reports";

/** Label, description and sentence of the node with an id. */
function row(input: Report | BudgetModel, id: string): [string, string, string] {
  const model = input instanceof BudgetModel ? input : new BudgetModel(input);
  const node = model
    .roots()
    .flatMap((root) => [root, ...model.children(root)])
    .find((one) => one.id === id);
  ok(node);
  const { label, description, spoken } = rowOf(node, model.report);
  return [label, description, spoken];
}

function check(name: string, input: Report | BudgetModel, id: string, expected: [string, string, string]): void {
  test(name, () => {
    deepEqual(row(input, id), expected);
  });
}

suite("the row of the document", () => {
  check("without a budget", report(1234), "document", [
    "Total",
    "1,234 tok",
    "Total, 1,234 tokens as sent",
  ]);
  check("that brings in others", report(1234, { expandedTokens: 5678 }), "document", [
    "Total",
    "1,234 tok → 5,678",
    "Total, 5,678 tokens as sent, 1,234 as written",
  ]);
  check("with a budget", report(1220, { budget: { limit: 2000, used: 1220, share: 0.61 } }), "document", [
    "Total",
    "████▉░░░ 1,220 · 61 % of 2,000",
    "Total, 1,220 tokens as sent, 61 % of its budget of 2,000",
  ]);
  check(
    "over its budget",
    report(600, { budget: { limit: 500, used: 600, share: 1.2 }, findings: [finding("budget/document-exceeded", 0)] }),
    "document",
    [
      "Total",
      "████████ 600 · ⚠ 120 % of 500",
      "Total, 600 tokens as sent, over its budget: 120 % of 500",
    ],
  );
  check("with something pending", report(10, { expandedTokens: null, pending: 2 }), "document", [
    "Total",
    "10 tok · 2 pending",
    "Total, 10 tokens as written, 2 pending",
  ]);
  check("that is estimated", report(100, { accuracy: "estimate", estimate: { low: 110, likely: 120, high: 140, source: "" } }), "document", [
    "Total",
    "≈120 tok",
    "Total, about 120 tokens as sent",
  ]);
  check("before the first count", modelOf(report(null, { pending: 1 })), "document", [
    "Total",
    "counting…",
    "Total, counting…",
  ]);
  check("that is counted anew", modelOf(report(null, { pending: 1 }), new BudgetModel(report(1234))), "document", [
    "Total",
    "1,234 tok · counting…",
    "Total, 1,234 tokens as sent, counting…",
  ]);
  check("that cannot be counted", report(null, { findings: [finding("tokens/not-counted", 0)] }), "document", [
    "Total",
    "not counted",
    "Total, not counted",
  ]);
});

suite("the row of a section", () => {
  const sections = [
    section("Rules", 0, 4, 1204),
    section("  ", 4, 5, 5, { id: "blank" }),
    section("front matter", 5, 6, 10, { kind: "frontMatter", sent: false, expandedTokens: 0 }),
    section("Over", 6, 7, 600, { budget: { limit: 500, used: 600, share: 1.2 } }),
    section("Near", 7, 8, 45, { kind: "tag", budget: { limit: 50, used: 45, share: 0.9 } }),
    section("Waits", 8, 9, 100, { kind: "role", expandedTokens: null }),
    section("New", 9, 10, null),
  ];
  const input = report(3168, { sections, findings: [finding("budget/section-exceeded", 6), finding("budget/section-near", 7)] });
  check("with its share", input, "section:Rules", [
    "Rules",
    "███░░░░░ 1,204 · 38 %",
    "Section, Rules, 1,204 tokens, 38 % of the document",
  ]);
  check("without a title", input, "section:blank", [
    "(no title)",
    "▏░░░░░░░ 5 · <1 %",
    "Section, (no title), 5 tokens, <1 % of the document",
  ]);
  check("that is not sent", input, "section:front matter", [
    "front matter",
    "10 tok · not sent",
    "Front matter, 10 tokens, not sent",
  ]);
  check("over its budget", input, "section:Over", [
    "Over",
    "█▌░░░░░░ 600 · ⚠ 120 % of 500",
    "Section, Over, 600 tokens, 18 % of the document, over its budget: 120 % of 500",
  ]);
  check("near its budget", input, "section:Near", [
    "Near",
    "▏░░░░░░░ 45 · 90 % of 50",
    "Tag, Near, 45 tokens, 1 % of the document, near its budget: 90 % of 50",
  ]);
  check("with a reference that is pending", input, "section:Waits", [
    "Waits",
    "▎░░░░░░░ 100 · 3 % · references pending",
    "Role, Waits, 100 tokens, 3 % of the document, references pending",
  ]);
  check("that is counted", input, "section:New", ["New", "counting…", "Section, New, counting…"]);

  test("cuts a title that leaves its figures no room, between characters; says all of it", () => {
    const title = `${"a".repeat(22)}😀 and more`;
    const [label, , spoken] = row(report(1, { sections: [section(title, 0, 1, 1, { id: "long" })] }), "section:long");
    equal(label, `${"a".repeat(22)}…`);
    ok(spoken.includes(title));
  });
});

suite("the row of a reference", () => {
  const references = [
    reference("docs/style.md", 0, 50),
    reference("missing.md", 1, null),
    reference("https://x.test/a", 2, null, { kind: "api", status: "pending", code: null, message: null }),
    reference("secret.md", 3, null, { status: "blocked", code: "reference/blocked", message: "It is not allowed." }),
    reference("NAME", 4, null, { kind: "var", status: "deferred", code: null, message: null }),
    reference("old.md", 5, 10, { status: "stale" }),
    reference("again.md", 6, 50, { expandedTokens: null }),
    reference("linked.md", 7, 50, { placement: "none" }),
    reference("query", 8, null, { kind: "sql", code: "reference/failed", message: null }),
    reference("big.md", 9, 100),
  ];
  const input = report(100, { references, findings: [finding("budget/reference-exceeded", 9)] });

  check("that is brought in", input, "reference:file:docs/style.md", [
    "docs/style.md",
    "████░░░░ 50 · 50 %",
    "File, docs/style.md, 50 tokens, 50 % of the document",
  ]);
  check("that is not there", input, "reference:file:missing.md", [
    "missing.md",
    "not found",
    "File, missing.md, not found, There is no file missing.md.",
  ]);
  check("that is pending", input, "reference:api:https://x.test/a", [
    "https://x.test/a",
    "looking it up…",
    "Address, https://x.test/a, looking it up…",
  ]);
  check("that is blocked", input, "reference:file:secret.md", [
    "secret.md",
    "blocked",
    "File, secret.md, blocked, It is not allowed.",
  ]);
  check("that is known at run time", input, "reference:var:NAME", ["NAME", "at run time", "Variable, NAME, at run time"]);
  check("that is stale", input, "reference:file:old.md", [
    "old.md",
    "▊░░░░░░░ 10 · 10 % · stale",
    "File, old.md, 10 tokens, 10 % of the document, stale",
  ]);
  check("whose content is in already", input, "reference:file:again.md", [
    "again.md",
    "50 tok · already in",
    "File, again.md, 50 tokens, already in",
  ]);
  check("that is not sent", input, "reference:file:linked.md", [
    "linked.md",
    "50 tok · not sent",
    "File, linked.md, 50 tokens, not sent",
  ]);
  check("of another kind", input, "reference:sql:query", ["query", "failed", "Reference (sql), query, failed"]);
  check("over its budget", input, "reference:file:big.md", [
    "big.md",
    "████████ 100 · ⚠ over its budget",
    "File, big.md, 100 tokens, 100 % of the document, over its budget",
  ]);
  check("are counted together", input, "references", [
    "References",
    "10 · 3 broken · 1 pending",
    "References, 10, 3 broken, 1 pending",
  ]);
});

suite("the row of what is left out", () => {
  test("says how many and what they cost together", () => {
    const sections = Array.from({ length: 1734 }, (_, place) => section(`S${place}`, place, place + 1, 1));
    deepEqual(row(report(1734, { sections }), "more:"), [
      "… 1,234 more",
      "█████▊░░ 1,234 · 71 %",
      "… 1,234 more, 1,234 tokens together, 71 % of the document",
    ]);
  });
});

suite("shares", () => {
  for (const [share, expected] of [
    [0, "0 %"],
    [0.004, "<1 %"],
    [0.01, "1 %"],
    [0.999, "99 %"],
    [1, "100 %"],
  ] as const) {
    test(String(share), () => {
      equal(shareText(share), expected);
    });
  }
});
