import assert from "node:assert/strict";
import { takeApart } from "../../../src/preview/parts";
import type { Section } from "../../../src/protocol";
import { answers, attached, between, brings, content, own, type Piece, readable, section, unresolved, unsent } from "./fixtures";

const RULES = "file:///work/rules.md";
const GLOSSARY = "file:///work/glossary.md";

function check(pieces: Piece[], sections: Section[], expected: unknown[]): void {
  const { rendering, report } = answers(pieces, sections);
  const prompt = takeApart(rendering, report);
  assert.deepEqual(readable(prompt), expected);
  // Parts follow each other and hold all of the text.
  assert.equal(prompt.parts.map(({ start, end }) => prompt.text.slice(start, end)).join(""), prompt.text);
}

suite("the parts of a rendered prompt", () => {
  test("are none for an empty document", () => {
    check([], [], []);
    check([own("")], [], []);
  });

  test("are loose text where there are no sections", () => {
    check([own("Hello\n")], [], [{ loose: "", text: "Hello\n", tokens: null }]);
  });

  test("begin with their sections, and cost what their subsections do not", () => {
    check(
      [own("# A\na\n## B\nb\n# C\nc")],
      [section("A", 0, 4, 10), section("B", 2, 4, 4), section("C", 4, 6, 3)],
      [
        { section: "A", text: "# A\na\n", tokens: 6 },
        { section: "B", text: "## B\nb\n", tokens: 4 },
        { section: "C", text: "# C\nc", tokens: 3 },
      ],
    );
  });

  test("go on behind a subsection that has ended", () => {
    check(
      [own("# A\n<b>\nb\n</b>\nmore\n")],
      [section("A", 0, 5, 10), section("b", 1, 4, 4)],
      [
        { section: "A", text: "# A\n", tokens: 6 },
        { section: "b", text: "<b>\nb\n</b>\n", tokens: 4 },
        { continued: "A", text: "more\n", tokens: 6 },
      ],
    );
  });

  test("leave out sections that are not sent", () => {
    check(
      [unsent("---\nmodel: gpt-4o\n---\n"), own("# A\na\n")],
      [section("front matter", 0, 3, 0, false), section("A", 3, 5, 5)],
      [{ section: "A", text: "# A\na\n", tokens: 5 }],
    );
  });

  test("run on across what is left out inside of them", () => {
    check(
      [own("# A\n"), unsent("<!-- promptls: budget=5 -->\n"), own("a\n# B\n")],
      [section("A", 0, 3, 5), section("B", 3, 4, 2)],
      [
        { section: "A", text: "# A\na\n", tokens: 5 },
        { section: "B", text: "# B\n", tokens: 2 },
      ],
    );
  });

  test("hold what references bring in, in the section of the reference", () => {
    check(
      [own("# A\nSee "), brings("@rules.md", content(RULES, "Be\nkind")), own(" now.\n# B\n")],
      [section("A", 0, 2, 20), section("B", 2, 3, 2)],
      [
        { section: "A", text: "# A\nSee Be\nkind now.\n", tokens: 20, inserts: ["Be\nkind"] },
        { section: "B", text: "# B\n", tokens: 2 },
      ],
    );
  });

  test("find the section of a reference at the beginning and at the end of the document", () => {
    check(
      [brings("@rules.md", content(RULES, "r\n")), own("\n# A\n"), brings("@glossary.md", content(GLOSSARY, "g"))],
      [section("preamble", 0, 1, 7), section("A", 1, 3, 8)],
      [
        { section: "preamble", text: "r\n\n", tokens: 7, inserts: ["r\n"] },
        { section: "A", text: "# A\ng", tokens: 8, inserts: ["g"] },
      ],
    );
    check(
      [unsent("---\n---\n"), brings("@rules.md", content(RULES, "r"))],
      [section("front matter", 0, 2, 0, false), section("preamble", 2, 3, 7)],
      [{ section: "preamble", text: "r", tokens: 7, inserts: ["r"] }],
    );
  });

  test("keep files that one reference brings in apart", () => {
    const files = [content(RULES, "r"), between("\n"), content(GLOSSARY, "g")];
    check([own("# A\n"), brings("@*.md", ...files), own("\n")], [section("A", 0, 2, 9)], [
      { section: "A", text: "# A\nr\ng\n", tokens: 9, inserts: ["r\n", "g"] },
    ]);
  });

  test("say what is attached at the end", () => {
    check(
      [own("# A\n"), attached(between("\n\n"), content(RULES, "r", 3), between("\n\n"), content(GLOSSARY, "g", 4))],
      [section("A", 0, 1, 2)],
      [
        { section: "A", text: "# A\n", tokens: 2 },
        { attached: "", text: "\n\nr", tokens: 3, inserts: ["r"] },
        { attached: "", text: "\n\ng", tokens: 4, inserts: ["g"] },
      ],
    );
  });

  test("mark references that stay as they are written", () => {
    check(
      [
        own("# A 🧤 "),
        unresolved("@gone.md", "failed", "There is no file."),
        own(" and "),
        brings("@rules.md", content(RULES, "R")),
        own(" "),
        unresolved("@api:x", "blocked"),
        own("\n# B\n"),
        unresolved("@late", "pending"),
      ],
      [section("A", 0, 1, 9), section("B", 1, 3, null)],
      [
        {
          section: "A",
          text: "# A 🧤 @gone.md and R @api:x\n",
          tokens: 9,
          inserts: ["R"],
          unresolved: ["@gone.md failed", "@api:x blocked"],
        },
        { section: "B", text: "# B\n@late", tokens: null, unresolved: ["@late pending"] },
      ],
    );
  });

  test("are cut at the right places behind emoji and CJK", () => {
    check(
      [own("# 旅客 🧑‍✈️\n运营商\n"), brings("@rules.md", content(RULES, "👍🏽 好")), own("\n## 二 🌂\n末")],
      [section("旅客", 0, 5, 30), section("二", 3, 5, 5)],
      [
        { section: "旅客", text: "# 旅客 🧑‍✈️\n运营商\n👍🏽 好\n", tokens: 25, inserts: ["👍🏽 好"] },
        { section: "二", text: "## 二 🌂\n末", tokens: 5 },
      ],
    );
  });

  test("do not know the cost of a section whose subsection waits", () => {
    check(
      [own("# A\n## B\n")],
      [section("A", 0, 2, 10), section("B", 1, 2, null)],
      [
        { section: "A", text: "# A\n", tokens: null },
        { section: "B", text: "## B\n", tokens: null },
      ],
    );
  });

  test("name the reference of what is from no file", () => {
    const { rendering, report } = answers([own("By "), brings("@var:a", content(null, "1")), brings("@var:b", content(null, "2"))]);
    const [part] = takeApart(rendering, report).parts;
    assert.deepEqual(
      part?.inserts.map(({ reference }) => reference?.target),
      ["var:a", "var:b"],
    );
  });

  test("are found for 50,000 segments and 1,000 sections", () => {
    const pieces: Piece[] = [];
    const sections: Section[] = [];
    for (let line = 0; line < 25_000; line += 1) {
      pieces.push(own(line % 25 === 0 ? "# 🧤 " : "a "), brings("@rules.md", content(RULES, "r")), own("\n"));
      if (line % 25 === 0) {
        sections.push(section(`S${line}`, line, line + 25, 50));
      }
    }
    const { rendering, report } = answers(pieces, sections);
    assert.ok(rendering.segments.length >= 50_000);
    const { parts, text } = takeApart(rendering, report);
    assert.equal(parts.length, 1_000);
    assert.ok(parts.every((part) => part.inserts.length === 25 && text.startsWith("# 🧤 r\n", part.start)));
  });
});
