import assert from "node:assert/strict";
import { offsetOf, originAt } from "../../../src/preview/origins";
import { takeApart } from "../../../src/preview/parts";
import { answers, attached, between, brings, content, DOCUMENT, own, section, unsent } from "./fixtures";

const RULES = "file:///work/rules.md";

const { rendering, report } = answers(
  [
    unsent("---\n---\n"),
    own("# 🧤\r\nSee "),
    brings("@rules.md", content(RULES, "Be\nkind")),
    own(" now.\n"),
    unsent("<!-- promptls: budget=5 -->\n"),
    own("By "),
    brings("@var:name", content(null, "Ada")),
    own("\n"),
    attached(between("\n\n"), content("file:///work/b.md", "b\nc")),
  ],
  [section("🧤", 2, 6, 9)],
);
const prompt = takeApart(rendering, report);

suite("places of the rendered prompt", () => {
  function check(text: string, uri: string, line: number, character: number): void {
    assert.deepEqual(originAt(prompt, prompt.text.indexOf(text)), { uri, position: { line, character } });
  }

  test("lead to the file that they are from", () => {
    check("# 🧤", DOCUMENT, 2, 0);
    check("See", DOCUMENT, 3, 0);
    check("kind", RULES, 1, 0);
    check("ow.", DOCUMENT, 3, 15);
    check("By", DOCUMENT, 5, 0);
    check("c", "file:///work/b.md", 1, 0);
  });

  test("lead to the reference where they are from no file", () => {
    check("Ada", DOCUMENT, 5, 3);
  });

  test("lead nowhere in an empty prompt", () => {
    assert.equal(originAt(takeApart(answers([]).rendering, report), 0), undefined);
  });
});

suite("places of a file", () => {
  function check(uri: string, line: number, character: number, text: string | undefined): void {
    const offset = offsetOf(prompt, uri, { line, character });
    assert.equal(offset, text === undefined ? undefined : prompt.text.indexOf(text));
  }

  test("are found in the prompt", () => {
    check(DOCUMENT, 2, 0, "# 🧤");
    check(DOCUMENT, 3, 2, "e Be");
    check(RULES, 1, 2, "nd now");
    check("file:///work/b.md", 1, 0, "c");
  });

  test("are found beside what is not sent, and where a reference stands", () => {
    check(DOCUMENT, 0, 0, "# 🧤");
    check(DOCUMENT, 3, 7, "Be");
    check(DOCUMENT, 4, 9, "By");
    check(DOCUMENT, 5, 6, "Ada");
  });

  test("are not found of other files", () => {
    check("file:///work/other.md", 0, 0, undefined);
  });

  test("are found at the end", () => {
    assert.equal(offsetOf(prompt, "file:///work/b.md", { line: 1, character: 1 }), prompt.text.length - 1);
  });
});
