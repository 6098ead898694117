import assert from "node:assert/strict";
import { blockEnd, type BlockList, blocksOf, blocksWithin, type Naming } from "../../../src/preview/blocks";
import { changeBetween, inSteps } from "../../../src/preview/changes";
import type { Block } from "../../../src/preview/messages";
import { takeApart } from "../../../src/preview/parts";
import type { Section } from "../../../src/protocol";
import { answers, brings, content, own, type Piece, section, unresolved } from "./fixtures";

const RULES = "file:///work/rules.md";

const naming: Naming = {
  origin: ({ uri }) => ({ name: uri?.split("/").at(-1) ?? "value", place: uri ?? "value" }),
  unresolved: ({ status, message }) => `${status}: ${message ?? ""}`,
};

function blocks(pieces: Piece[], sections: Section[] = []): BlockList {
  const { rendering, report } = answers(pieces, sections);
  return blocksOf(takeApart(rendering, report), naming);
}

function textOf(block: Block): string {
  return block.runs.map(({ text }) => text).join("");
}

function lines(number: number, from = 0): string {
  return Array.from({ length: number }, (_, line) => `Line ${line + from} of a long prompt, not like others.\n`).join("");
}

suite("blocks", () => {
  test("hold a small part in runs", () => {
    const list = blocks(
      [own("# A\n"), unresolved("@gone", "failed", "No file."), own(" "), brings("@rules.md", content(RULES, "r", 3)), own(".\n")],
      [section("A", 0, 2, 9)],
    );
    const insert = { name: "rules.md", place: RULES, tokens: 3, first: true };
    assert.deepEqual(list.blocks, [
      {
        head: { kind: "section", title: "A" },
        tokens: 9,
        runs: [
          { text: "# A\n" },
          { text: "@gone", unresolved: { status: "failed", reason: "failed: No file." } },
          { text: " " },
          { text: "r", insert },
          { text: ".\n" },
        ],
      },
    ]);
  });

  test("cut a long part at ends of lines, and say where it begins only once", () => {
    const long = lines(2_000);
    const list = blocks([own("# A\n"), brings("@rules.md", content(RULES, long)), own("\n# B\n")], [
      section("A", 0, 2, 9),
      section("B", 2, 3, 9),
    ]);
    assert.ok(list.blocks.length > 4);
    assert.equal(list.blocks.map(textOf).join(""), `# A\n${long}\n# B\n`);
    assert.ok(list.blocks.slice(0, -2).every((block) => textOf(block).endsWith("\n")));
    assert.equal(list.blocks.filter(({ head }) => head !== undefined).length, 2);
    assert.equal(list.blocks.flatMap(({ runs }) => runs).filter(({ insert }) => insert?.first).length, 1);
    let at = 0;
    for (const [index, block] of list.blocks.entries()) {
      assert.equal(list.starts[index], at);
      at += textOf(block).length;
    }
  });

  test("end inside of a line that is too long, but not inside of a character", () => {
    const text = "🧤".repeat(100_001);
    let start = 0;
    while (start < text.length) {
      const end = blockEnd(text, start, text.length);
      assert.ok(end > start && end - start <= 65_536);
      assert.equal(end % 2, 0);
      start = end;
    }
    const odd = `a${text}`;
    assert.equal(blockEnd(odd, 0, odd.length) % 2, 1);
  });

  test("are cut the same behind an edit", () => {
    const before = blocks([own(lines(4_000))]).blocks;
    const after = blocks([own(`New.\n${lines(4_000)}`)]).blocks;
    const { from, removed, added } = changeBetween(before, after);
    assert.ok(from === 0 && removed < 8 && added.length < 8 && before.length > 20);
  });

  test("are taken up to a limit, one at least", () => {
    const list = blocks([own(lines(2_000))]);
    const all = list.blocks.length;
    for (const [characters, number, expected] of [
      [0, 100, 1],
      [1, 100, 1],
      [(list.starts[2] ?? 0) + 1, 100, 3],
      [10_000_000, 100, all],
      [10_000_000, 2, 2],
    ] as const) {
      assert.equal(blocksWithin(list, characters, number), expected);
    }
    assert.equal(blocksWithin(blocks([]), 100, 100), 0);
  });
});

suite("changes between blocks", () => {
  const block = (text: string, tokens: number | null = 1): Block => ({ tokens, runs: [{ text }] });

  function check(before: string[], after: string[], from: number, removed: number, added: string[]): void {
    const change = changeBetween(
      before.map((text) => block(text)),
      after.map((text) => block(text)),
    );
    assert.deepEqual(change, { from, removed, added: added.map((text) => block(text)) });
  }

  test("are as small as they can be", () => {
    check([], [], 0, 0, []);
    check([], ["a", "b"], 0, 0, ["a", "b"]);
    check(["a", "b"], [], 0, 2, []);
    check(["a", "b", "c"], ["a", "x", "c"], 1, 1, ["x"]);
    check(["a", "c"], ["a", "b", "c"], 1, 0, ["b"]);
    check(["a", "a", "a"], ["a", "a"], 2, 1, []);
    check(["a", "b"], ["a", "b"], 2, 0, []);
  });

  test("see another cost, heading, origin or status", () => {
    const one: Block = { tokens: 1, head: { kind: "section", title: "A" }, runs: [{ text: "a" }] };
    const insert = { name: "a.md", place: "a.md", tokens: 1, first: true };
    for (const other of [
      { ...one, tokens: 2 },
      { ...one, head: { kind: "section", title: "B" } },
      { tokens: 1, runs: one.runs },
      { ...one, runs: [{ text: "a", insert }] },
      { ...one, runs: [{ text: "a", unresolved: { status: "failed", reason: "" } }] },
    ]) {
      assert.equal(changeBetween([one], [other]).removed, 1);
    }
    assert.equal(changeBetween([{ ...one, runs: [{ text: "a", insert }] }], [{ ...one, runs: [{ text: "a", insert: { ...insert } }] }]).removed, 0);
  });

  test("are applied in steps to the same end", () => {
    const before = Array.from({ length: 30 }, (_, index) => block(`old ${index}`));
    const after = [
      ...before.slice(0, 10),
      ...Array.from({ length: 900 }, (_, index) => block(`new ${index}${"x".repeat(index % 2_000)}`)),
      ...before.slice(20),
    ];
    const steps = inSteps(changeBetween(before, after));
    assert.ok(steps.length >= 4);
    const result = [...before];
    for (const { from, removed, added } of steps) {
      result.splice(from, removed, ...added);
    }
    assert.deepEqual(result, after);
    assert.equal(inSteps({ from: 3, removed: 0, added: [] }).length, 1);
  });
});
