import * as assert from "node:assert/strict";
import {
  type DirectiveKey,
  directiveValue,
  type Placed,
  removeFromDocument,
  setInDocument,
  type TextChange,
} from "../../../src/commands/directiveEdits";

/** Sections as the server would give them for these small documents: front matter, then headings. */
function sectionsOf(lines: readonly string[]): Placed[] {
  const starts: [Placed["kind"], number][] = [];
  let from = 0;
  if (lines[0] === "---") {
    starts.push(["frontMatter", 0]);
    from = lines.findIndex((line, number) => number > 0 && /^(---|\.\.\.)/.test(line)) + 1;
  }
  starts.push(["preamble", from]);
  for (const [number, line] of lines.entries()) {
    if (number >= from && line.startsWith("# ")) {
      starts.push(["heading", number]);
    }
  }
  return starts
    .map(([kind, line], place): Placed => {
      const end = starts[place + 1]?.[1] ?? lines.length;
      return { kind, range: { start: { line, character: 0 }, end: { line: end, character: 0 } } };
    })
    .filter(({ range }) => range.start.line < range.end.line);
}

function apply(text: string, changes: TextChange[]): string {
  const lines = text.split("\n");
  const offset = ({ line, character }: TextChange["start"]): number =>
    lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character;
  return changes
    .toSorted((one, other) => offset(other.start) - offset(one.start))
    .reduce((result, { start, end, newText }) => result.slice(0, offset(start)) + newText + result.slice(offset(end)), text);
}

function checkSet(name: string, text: string, key: DirectiveKey, value: string, expected: string): void {
  test(name, () => {
    const lines = text.split("\n");
    assert.equal(apply(text, [setInDocument(lines, sectionsOf(lines), key, value)]), expected);
    const after = expected.split("\n");
    assert.equal(directiveValue(after, sectionsOf(after), key), value);
  });
}

function checkRemoved(name: string, text: string, key: DirectiveKey, expected: string): void {
  test(name, () => {
    const lines = text.split("\n");
    assert.equal(apply(text, removeFromDocument(lines, sectionsOf(lines), key)), expected);
  });
}

function checkValue(name: string, text: string, key: DirectiveKey, expected: string | undefined): void {
  test(name, () => {
    const lines = text.split("\n");
    assert.equal(directiveValue(lines, sectionsOf(lines), key), expected);
  });
}

suite("what directives set for a document", () => {
  checkValue("none", "# A\ntext", "model", undefined);
  checkValue("at the top", "<!-- promptls: model=gpt-4o -->\n# A", "model", "gpt-4o");
  checkValue("a model in a section counts", "# A\n<!-- promptls: model=x budget=5 -->", "model", "x");
  checkValue("a budget in a section is the section's", "# A\n<!-- promptls: model=x budget=5 -->", "budget", undefined);
  checkValue("the last one counts", "<!-- promptls: model=a model=b -->\n<!-- promptls: model=c -->", "model", "c");
  checkValue("in quotes", '<!-- promptls: model="GPT-5 mini (copilot)" -->', "model", "GPT-5 mini (copilot)");
  checkValue("blanks around the sign", "<!--promptls: model = x-->", "model", "x");
  checkValue("after a list with blanks", "<!-- promptls: ignore=a/b, c/d budget=60% -->", "budget", "60%");
  checkValue("behind a value that is not closed", "<!-- promptls: ignore='a model=x -->", "model", undefined);
  checkValue("in a fence it is text", "```\n<!-- promptls: model=x -->\n```", "model", undefined);
  checkValue("a shorter fence closes none", "````\n```\n<!-- promptls: model=x -->\n````", "model", undefined);
  checkValue("behind a fence", "~~~ md\n```\n~~~\n<!-- promptls: model=x -->", "model", "x");
  checkValue("a code span opens no fence", "```a` b\n<!-- promptls: model=x -->", "model", "x");
  checkValue("in another comment it is text", "<!-- a\n<!-- promptls: model=x -->\nb", "model", undefined);
  checkValue("behind a comment of one line", "<!-- a -->\n<!-- promptls: model=x -->", "model", "x");
  checkValue("within a line it is text", "see <!-- promptls: model=x -->", "model", undefined);
  checkValue("in front matter it is text", "---\n<!-- promptls: model=x -->\n---\n", "model", undefined);
  checkValue("two comments in a line", "<!-- promptls: model=a --> <!-- promptls: model=b -->", "model", "b");
});

suite("a directive is written", () => {
  checkSet("at the top", "# A\ntext", "model", "gpt-4o", "<!-- promptls: model=gpt-4o -->\n# A\ntext");
  checkSet("into an empty document", "", "budget", "2000", "<!-- promptls: budget=2000 -->\n");
  checkSet(
    "below front matter",
    "---\nname: x\n---\n\n# A",
    "budget",
    "60%",
    "---\nname: x\n---\n<!-- promptls: budget=60% -->\n\n# A",
  );
  checkSet("below front matter at the end", "---\nname: x\n---", "model", "m", "---\nname: x\n---\n<!-- promptls: model=m -->\n");
  checkSet("with quotes around blanks", "text", "model", "GPT-5 mini", '<!-- promptls: model="GPT-5 mini" -->\ntext');
  checkSet("in place of the one there is", "<!-- promptls: model=a budget=5 -->", "model", "b", "<!-- promptls: model=b budget=5 -->");
  checkSet("in place of a longer value", "<!-- promptls: budget = '2000' -->\n# A", "budget", "60%", "<!-- promptls: budget=60% -->\n# A");
  checkSet("beside another key", "<!-- promptls: ignore=a/b -->\n# A", "budget", "5", "<!-- promptls: ignore=a/b budget=5 -->\n# A");
  checkSet("into an empty directive", "<!-- promptls: -->\n# A", "budget", "5", "<!-- promptls: budget=5 -->\n# A");
  checkSet(
    "a budget not beside that of a section",
    "# A\n<!-- promptls: budget=5 -->\n",
    "budget",
    "9",
    "<!-- promptls: budget=9 -->\n# A\n<!-- promptls: budget=5 -->\n",
  );
  checkSet(
    "a model where one decides, in whatever section",
    "<!-- promptls: model=a -->\n# A\n<!-- promptls: model=b -->",
    "model",
    "c",
    "<!-- promptls: model=a -->\n# A\n<!-- promptls: model=c -->",
  );
});

suite("a directive is taken away", () => {
  checkRemoved("with its line", "<!-- promptls: model=a -->\n# A", "model", "# A");
  checkRemoved("with the last line", "text\n<!-- promptls: model=a -->", "model", "text");
  checkRemoved("the only line", "<!-- promptls: model=a -->", "model", "");
  checkRemoved("first of several", "<!-- promptls: model=a budget=5 -->", "model", "<!-- promptls: budget=5 -->");
  checkRemoved("last of several", "<!-- promptls: budget=5 model=a -->", "model", "<!-- promptls: budget=5 -->");
  checkRemoved(
    "wherever it stands",
    "<!-- promptls: model=a -->\n# A\n<!-- promptls: budget=5 model=b -->",
    "model",
    "# A\n<!-- promptls: budget=5 -->",
  );
  checkRemoved("not that of a section", "# A\n<!-- promptls: budget=5 -->", "budget", "# A\n<!-- promptls: budget=5 -->");
});
