import { deepEqual, equal, ok } from "node:assert/strict";
import { BudgetModel, modelOf, SIBLINGS_MAX } from "../../../src/budget/model";
import type { BudgetNode } from "../../../src/budget/nodes";
import type { Report } from "../../../src/protocol";
import { finding, lines, reference, report, section } from "./reports";

/** The tree as text, a node a line, indented. */
function outline(model: BudgetModel): string[] {
  const write = (nodes: BudgetNode[], depth: number): string[] =>
    nodes.flatMap((node) => [`${"  ".repeat(depth)}${text(node)}`, ...write(model.children(node), depth + 1)]);
  return write(model.roots(), 0);
}

function text(node: BudgetNode): string {
  switch (node.kind) {
    case "document":
      return `document ${figures(node)}`;
    case "section":
      return `${node.section.title} ${figures(node)}`;
    case "references":
      return `references ${node.count}, ${node.broken} broken, ${node.pending} pending`;
    case "reference":
      return `@${node.reference.target} ${figures(node)}`;
    case "more":
      return `${node.count} more ${figures(node)}`;
    case "treatAsPrompt":
      return node.kind;
  }
}

function figures({ tokens, share }: { tokens: number | null; share: number | null }): string {
  return `${tokens ?? "?"} ${share === null ? "-" : share.toFixed(2)}`;
}

function check(name: string, input: Report, expected: string[]): void {
  test(name, () => {
    deepEqual(outline(new BudgetModel(input)), expected);
  });
}

suite("the tree of a report", () => {
  check("of an empty document", report(0), ["document 0 -"]);

  check(
    "nests sections and puts the most expensive first among siblings",
    report(100, {
      sections: [
        section("Small", 0, 2, 10),
        section("Large", 2, 10, 90),
        section("First", 3, 5, 20),
        section("Second", 5, 10, 60),
        section("Deep", 6, 10, 30),
      ],
    }),
    [
      "document 100 1.00",
      "Large 90 0.90",
      "  Second 60 0.60",
      "    Deep 30 0.30",
      "  First 20 0.20",
      "Small 10 0.10",
    ],
  );

  check(
    "goes back to the section around a closed tag",
    report(30, {
      sections: [section("One", 0, 9, 30), section("<rules>", 1, 4, 10, { kind: "tag" }), section("Two", 5, 9, 15)],
    }),
    ["document 30 1.00", "One 30 1.00", "  Two 15 0.50", "  <rules> 10 0.33"],
  );

  check(
    "keeps the order of the document among equals",
    report(30, { sections: [section("b", 0, 1, 10), section("a", 1, 2, 10), section("c", 2, 3, 10)] }),
    ["document 30 1.00", "b 10 0.33", "a 10 0.33", "c 10 0.33"],
  );

  check(
    "takes what is sent, and shows what is not sent without a share, at the end",
    report(40, {
      expandedTokens: 60,
      sections: [
        section("front matter", 0, 3, 30, { kind: "frontMatter", sent: false, expandedTokens: 0 }),
        section("Empty", 3, 4, 0),
        section("Rules", 4, 8, 10, { expandedTokens: 60 }),
      ],
    }),
    ["document 60 1.00", "Rules 60 1.00", "Empty 0 0.00", "front matter 30 -"],
  );

  check(
    "has no shares where nothing is sent",
    report(8, { expandedTokens: 0, sections: [section("preamble", 0, 1, 8, { expandedTokens: 0 })] }),
    ["document 0 -", "preamble 0 -"],
  );

  check(
    "compares with what is known so far while something is pending",
    report(30, {
      expandedTokens: null,
      pending: 1,
      sections: [section("Waits", 0, 2, 20, { expandedTokens: null }), section("Known", 2, 4, 10, { expandedTokens: 80 })],
      references: [reference("a.md", 1, null, { status: "pending", code: null, message: null })],
    }),
    [
      "document 30 0.30",
      "Known 80 0.80",
      "Waits 20 0.20",
      "references 1, 0 broken, 1 pending",
      "  @a.md ? -",
    ],
  );

  check(
    "shows sections that are not counted yet",
    report(null, { pending: 1, sections: [section("One", 0, 1, null), section("Two", 1, 2, 5)] }),
    ["document ? -", "Two 5 1.00", "One ? -"],
  );

  check(
    "sorts references by cost; what brings in nothing has no figure",
    report(50, {
      references: [
        reference("missing.md", 0, null),
        reference("small.md", 1, 5),
        reference("secret.md", 2, null, { status: "blocked", code: "reference/blocked" }),
        reference("large.md", 3, 10, { expandedTokens: 25 }),
        reference("small.md", 4, 5, { expandedTokens: null }),
        reference("other.md", 5, 7, { placement: "none" }),
      ],
    }),
    [
      "document 50 1.00",
      "references 6, 2 broken, 0 pending",
      "  @large.md 25 0.50",
      "  @small.md 5 0.10",
      "  @missing.md ? -",
      "  @secret.md ? -",
      "  @small.md ? -",
      "  @other.md ? -",
    ],
  );

  check(
    "counts as the model is expected to",
    report(100, {
      expandedTokens: 200,
      accuracy: "estimate",
      estimate: { low: 220, likely: 240, high: 280, source: "" },
      sections: [section("One", 0, 1, 50)],
    }),
    ["document 240 1.00", "One 60 0.25"],
  );
});

suite("long lists", () => {
  const count = SIBLINGS_MAX + 1234;
  const sections = Array.from({ length: count }, (_, place) => section(`S${place}`, place, place + 1, 1 + (place % 2)));
  const model = new BudgetModel(report(3 * (count / 2), { sections }));

  test("end with the number and the sum of what is left out", () => {
    const roots = model.roots();
    equal(roots.length, 1 + SIBLINGS_MAX + 1);
    const last = roots.at(-1)!;
    ok(last.kind === "more");
    const most = count / 2;
    deepEqual([last.count, last.tokens], [1234, 2 * (most - SIBLINGS_MAX) + most]);
  });

  test("are left alone by a cursor in what is left out", () => {
    equal(model.sectionAt({ line: 1, character: 0 })?.id, "section:S1");
    equal(model.sectionAt({ line: count - 2, character: 0 }), undefined);
  });

  test("of 60,000 sections make no more nodes than are shown", () => {
    const many = Array.from({ length: 60_000 }, (_, place) => section(`S${place}`, place, place + 1, place));
    equal(new BudgetModel(report(1, { sections: many })).roots().length, 1 + SIBLINGS_MAX + 1);
  });

  test("of references are cut as well", () => {
    const references = Array.from({ length: SIBLINGS_MAX + 2 }, (_, place) => reference(`${place}.md`, place, 3));
    const cut = new BudgetModel(report(10, { references }));
    const group = cut.roots().at(-1)!;
    const last = cut.children(group).at(-1)!;
    ok(last.kind === "more");
    deepEqual([last.count, last.tokens, cut.parent(last)?.id], [2, 6, "references"]);
  });
});

suite("ids", () => {
  test("are different for equal titles and targets", () => {
    const model = new BudgetModel(
      report(10, {
        sections: [section("One", 0, 1, 1), section("One", 1, 2, 1, { id: "One" }), section("One", 2, 3, 1, { id: "One#2" })],
        references: [reference("a.md", 0, 1), reference("a.md", 1, 1), reference("a.md", 2, 1, { kind: "var" })],
      }),
    );
    const ids = model.roots().flatMap((node) => [node.id, ...model.children(node).map(({ id }) => id)]);
    equal(new Set(ids).size, ids.length);
  });

  test("stay when other sections come and change their order", () => {
    const before = new BudgetModel(report(10, { sections: [section("A", 0, 1, 1), section("B", 1, 2, 2)] }));
    const after = new BudgetModel(
      report(10, { sections: [section("New", 0, 1, 1), section("A", 1, 2, 7), section("B", 2, 3, 2)] }),
    );
    deepEqual(before.roots().map(({ id }) => id), ["document", "section:B", "section:A"]);
    deepEqual(after.roots().map(({ id }) => id), ["document", "section:A", "section:B", "section:New"]);
  });
});

suite("places", () => {
  const model = new BudgetModel(
    report(30, {
      sections: [
        section("One", 1, 9, 30),
        section("<rules>", 2, 4, 10, { kind: "tag" }),
        section("Two", 5, 9, 15, { range: { start: { line: 5, character: 0 }, end: { line: 8, character: 3 } } }),
      ].map((one) => (one.title === "One" ? { ...one, range: { ...lines(1, 8), end: { line: 8, character: 3 } } } : one)),
      references: [reference("missing.md", 6, null)],
    }),
  );

  for (const [line, character, expected] of [
    [0, 0, undefined],
    [1, 0, "section:One"],
    [2, 0, "section:<rules>"],
    [3, 99, "section:<rules>"],
    [4, 0, "section:One"],
    [7, 0, "section:Two"],
    [8, 3, "section:Two"],
  ] as const) {
    test(`${line}:${character} is in ${expected ?? "no section"}`, () => {
      equal(model.sectionAt({ line, character })?.id, expected);
    });
  }

  for (const [id, expected] of [
    ["document", [0, 0, 0, 0]],
    ["section:Two", [5, 0, 5, 0]],
    ["reference:file:missing.md", [6, 0, 6, 16]],
    ["references", undefined],
    ["section:gone", undefined],
  ] as const) {
    test(`${id} is at ${String(expected)}`, () => {
      const range = model.rangeOf(id);
      deepEqual(range && [range.start.line, range.start.character, range.end.line, range.end.character], expected);
    });
  }

  test("each node is among the children of its parent", () => {
    const walk = (nodes: BudgetNode[], parent: BudgetNode | undefined): void => {
      for (const node of nodes) {
        equal(model.parent(node)?.id, parent?.id);
        walk(model.children(node), node);
      }
    };
    walk(model.roots(), undefined);
  });
});

suite("budgets", () => {
  const level = (input: Report, id: string): string | undefined => {
    const model = new BudgetModel(input);
    const nodes = model.roots().flatMap((node) => [node, ...model.children(node)]);
    const found = nodes.find((node) => node.id === id);
    return found !== undefined && "level" in found ? found.level : undefined;
  };
  const input = report(30, {
    budget: { limit: 20, used: 30, share: 1.5 },
    sections: [
      section("Over", 0, 1, 10, { budget: { limit: 5, used: 10, share: 2 } }),
      section("Near", 1, 2, 9, { budget: { limit: 10, used: 9, share: 0.9 } }),
      section("Ignored", 2, 3, 9, { budget: { limit: 5, used: 9, share: 1.8 } }),
    ],
    references: [reference("a.md", 5, 10)],
    findings: [
      finding("budget/document-exceeded", 0),
      finding("budget/section-exceeded", 0),
      finding("budget/section-near", 1),
      finding("budget/reference-near", 5),
      finding("budget/unknown-model", 2),
    ],
  });

  for (const [id, expected] of [
    ["document", "exceeded"],
    ["section:Over", "exceeded"],
    ["section:Near", "near"],
    ["section:Ignored", "within"],
    ["reference:file:a.md", "near"],
  ] as const) {
    test(`${id} is ${expected}`, () => {
      equal(level(input, id), expected);
    });
  }
});

suite("while a document is counted anew", () => {
  const counted = new BudgetModel(report(100, { sections: [section("One", 0, 1, 100)] }));
  const counting = report(null, { version: 2, pending: 1 });
  const root = (model: BudgetModel): [number | null, boolean] => {
    const document = model.roots()[0]!;
    ok(document.kind === "document");
    return [document.tokens, document.isCounting];
  };

  test("the last figures stay", () => {
    const model = modelOf(counting, counted);
    deepEqual(root(model), [100, true]);
    equal(model.roots().length, 2);
    deepEqual(root(modelOf(report(120), model)), [120, false]);
  });

  test("another document's figures do not", () => {
    deepEqual(root(modelOf({ ...counting, uri: "file:///work/other.md" }, counted)), [null, true]);
  });

  test("nor do they where it cannot be counted", () => {
    deepEqual(root(modelOf({ ...counting, findings: [finding("tokens/not-counted", 0)] }, counted)), [null, false]);
  });

  test("the model's way of counting stays while a reference is looked up", () => {
    const estimated = report(100, {
      accuracy: "estimate",
      model: "claude-sonnet-4",
      estimate: { low: 110, likely: 120, high: 140, source: "" },
    });
    const waiting = { ...estimated, expandedTokens: null, estimate: null, pending: 1 };
    deepEqual(root(modelOf(waiting, new BudgetModel(estimated))), [120, false]);
    deepEqual(root(modelOf({ ...waiting, model: "gpt-4o" }, new BudgetModel(estimated))), [100, false]);
  });
});
