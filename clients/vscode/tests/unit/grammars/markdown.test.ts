import assert from "node:assert/strict";
import { coloured, grammarOf, tokenize } from "./tokenizer";

/** Checks what is coloured in each line of a text. */
function check(title: string, lines: [line: string, ...expected: string[]][], scope = "text.html.markdown"): void {
  test(title, async () => {
    const text = lines.map(([line]) => line).join("\n");
    const found = tokenize(await grammarOf(scope), text).map((line) => coloured(line));
    assert.deepEqual(found, lines.map(([, ...expected]) => expected));
  });
}

const REFERENCE = ["@file: keyword", "x.md string"];
const OPENINGS = [
  ...["@file:(", "@file:[(", '@file:"', "@file:a'", "@file:a?", "@api:https://x?max=1&", "@a/", "@./(", "#file:"],
  ...["` ", "`` ", "{{", "{{!--", "{%", "{#", "${input:", "${file:", "$", "<!-- promptls: a=-->", "system:"],
];
const SCOPES = ["", ".prompt", ".prompty", ".dotprompt"].map((suffix) => `text.html.markdown${suffix}`);

suite("colours in Markdown", function () {
  this.timeout(60_000);

  check("code and comments hold no references", [
    ["```md"],
    ["@file:x.md and <!-- promptls: budget=5 -->"],
    ["user:"],
    ["```"],
    ["~~~"],
    ["#file:x.md @docs/x.md $ARGUMENTS"],
    ["~~~"],
    ["<!--"],
    ["@file:x.md"],
    ["-->"],
    ["``a ` @file:x.md`` and `@file:x.md`"],
    ["@file:x.md", ...REFERENCE],
  ]);

  check("references stand in headings, lists, quotes, tables and emphasis", [
    ["# With @file:x.md", ...REFERENCE],
    [""],
    ["- one @file:x.md", ...REFERENCE],
    ["  - @file:x.md", ...REFERENCE],
    ["> @file:x.md", ...REFERENCE],
    [""],
    ["| a | b |"],
    ["|---|---|"],
    ["| `@file:x.md` | @file:x.md |", ...REFERENCE],
    [""],
    ["**@file:x.md** and *@file:x.md*", ...REFERENCE, ...REFERENCE],
  ]);

  check("a block tag's text is read as Markdown is", [
    ["<context>"],
    ["Not `@file:x.md`, but @file:x.md", ...REFERENCE],
    ["</context>"],
  ]);

  check("front matter holds no references", [["---"], ["file: @file:x.md"], ["---"], ["@file:x.md", ...REFERENCE]]);

  check("directives", [
    [
      '  <!-- promptls: budget=500 model="a b" -->',
      "<!-- comment.block.html.directive",
      "promptls keyword.control.directive",
      ": punctuation.separator.directive",
      "budget variable.parameter.directive",
      "= keyword.operator.assignment.directive",
      "500 string.unquoted.directive",
      "model variable.parameter.directive",
      "= keyword.operator.assignment.directive",
      '"a b" string.unquoted.directive',
      "--> comment.block.html.directive",
    ],
    ["<!-- a comment about promptls: budget=500 -->"],
  ]);

  check("role lines", [
    ["System:", "System entity.name.section.role", ": punctuation.separator.role"],
    ["Hello @file:x.md", ...REFERENCE],
    ["user: hello"],
    ["Model:"],
    ["  user :", "user entity.name.section.role", ": punctuation.separator.role"],
  ]);

  check("Copilot knows no role lines", [["system:"], ["user:"]], "text.html.markdown.prompt");

  check("a variable at the beginning of a line begins no formula", [
    ["$ARGUMENTS and @file:x.md", "$ keyword", "ARGUMENTS variable", ...REFERENCE],
    ["@file:x.md", ...REFERENCE],
    [""],
    ["${input:a} or ${input:b}", "${input: keyword", "a variable", "} keyword", "${input: keyword", "b variable", "} keyword"],
    ["@file:x.md", ...REFERENCE],
  ], "text.html.markdown.prompt");

  test("a paragraph that begins with a reference is a paragraph", async () => {
    const [line] = tokenize(await grammarOf("text.html.markdown"), "@file:x.md is **bold** and `code`");
    const scopesOf = (text: string) => line?.find((token) => token.text === text)?.scopes ?? [];
    assert.ok(scopesOf("bold").includes("markup.bold.markdown"));
    assert.ok(scopesOf("code").includes("markup.inline.raw.string.markdown"));
    assert.ok(scopesOf("x.md").includes("meta.paragraph.markdown"));
  });

  test("a very long line is coloured to its end", async () => {
    const line = `${"@file:docs/(a)[b]{c}.md, `code` @docs/x.md ${input:x} $ARGUMENTS ".repeat(250)}@file:x.md`;
    const [tokens] = tokenize(await grammarOf("text.html.markdown"), line);
    assert.deepEqual(coloured(tokens ?? []).slice(-2), REFERENCE);
  });

  for (const opening of OPENINGS) {
    test(`a line of ${opening} ends with its line`, async () => {
      const text = `a ${opening.repeat(500)}\n\n@file:x.md`;
      for (const scope of SCOPES) {
        const lines = tokenize(await grammarOf(scope), text);
        assert.deepEqual(coloured(lines.at(-1) ?? []), REFERENCE, scope);
      }
    });
  }
});
