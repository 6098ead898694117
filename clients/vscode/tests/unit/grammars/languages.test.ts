import assert from "node:assert/strict";
import { coloured, grammarOf, tokenize } from "./tokenizer";

/** Makes what checks what is coloured in each line of a text of one language. */
function checks(scope: string) {
  return (title: string, lines: [line: string, ...expected: string[]][]): void => {
    test(title, async () => {
      const text = lines.map(([line]) => line).join("\n");
      const found = tokenize(await grammarOf(scope), text).map((line) => coloured(line));
      assert.deepEqual(found, lines.map(([, ...expected]) => expected));
    });
  };
}

/** `{{name}}` */
function variable(name: string): string[] {
  return ["{{ keyword", `${name} variable`, "}} keyword"];
}

const KEYWORD = "keyword.control.template";

suite("colours of Prompty", function () {
  this.timeout(60_000);

  const check = checks("text.html.markdown.prompty");

  check("front matter names files and the environment", [
    ["---"],
    ["endpoint: ${env:ENDPOINT}", "${ keyword", "env:ENDPOINT variable", "} keyword"],
    ['key: "${env:KEY:none}"', "${ keyword", "env:KEY variable", ":none} keyword"],
    ["sample: ${file:sample.json}", "${file: keyword", "sample.json string", "} keyword"],
    ["# ${env:X}"],
    ["---"],
    ["${file: a b.json }", "${file: keyword", "a b.json string", "} keyword"],
  ]);

  check("role lines may carry attributes", [
    [
      'system[name="guide"]:',
      "system entity.name.section.role",
      '[name="guide"] variable.parameter.role',
      ": punctuation.separator.role",
    ],
    ["# user:", "# markup.heading.role", "user entity.name.section.role", ": punctuation.separator.role"],
    ["tool:", "tool entity.name.section.role", ": punctuation.separator.role"],
    ["the user: hello"],
  ]);

  check("Jinja", [
    ["# Dear {{ first.name }}", "{{ keyword", "first.name variable", "}} keyword"],
    [
      "{% for item in items %}",
      `{% ${KEYWORD}`,
      `for ${KEYWORD}`,
      "item variable.template",
      `in ${KEYWORD}`,
      "items variable.template",
      `%} ${KEYWORD}`,
    ],
    [
      "{{ x | upper }}",
      `{{ ${KEYWORD}`,
      "x variable.template",
      "| keyword.operator.template",
      "upper support.function.template",
      `}} ${KEYWORD}`,
    ],
    ["{# {{x}} #}", "{# {{x}} #} comment.block.template"],
    ["{{{raw}}} \\{{x}} ${{x}} {{x", "{{{ keyword", "raw variable", "}}} keyword"],
    ["`{{x}}`"],
  ]);
});

suite("colours of Dotprompt", function () {
  this.timeout(60_000);

  const check = checks("text.html.markdown.dotprompt");
  const system = [
    "{{ punctuation.section.embedded.begin",
    "role keyword.control.role",
    '"system" entity.name.section.role',
    "}} punctuation.section.embedded.end",
  ];

  check("comments may stand above the front matter", [
    ["# Copyright"],
    [""],
    ["---"],
    ["model: gpt-4o"],
    ["note: '{{x}}'"],
    ["---"],
    ['{{role "system"}}', ...system],
    ["# Title of {{ name }}", "{{ keyword", "name variable", "}} keyword"],
    ["---"],
    ["{{x}}", ...variable("x")],
  ]);

  test("knows the front matter below them", async () => {
    const lines = tokenize(await grammarOf("text.html.markdown.dotprompt"), "# Copyright\n---\nmodel: x\n---\n# Title");
    const scopes = lines.map((line) => line[0]?.scopes.slice(1).join(" ") ?? "");
    assert.match(scopes[0] ?? "", /^comment\.line\.number-sign/);
    assert.match(scopes[1] ?? "", /^punctuation\.definition\.begin\.frontmatter/);
    assert.match(scopes[2] ?? "", /^meta\.embedded\.block\.frontmatter/);
    assert.match(scopes[3] ?? "", /^punctuation\.definition\.end\.frontmatter/);
    assert.match(scopes[4] ?? "", /^markup\.heading/);
  });

  check("a heading in the first line begins no front matter further down", [
    ["# {{x}}"],
    ["text {{x}}", ...variable("x")],
    ["---"],
    ["text {{x}}", ...variable("x")],
  ]);

  check("Handlebars", [
    ["Hello {{~name~}}", "{{~ keyword", "name variable", "~}} keyword"],
    ["{{>header}}", "{{> keyword", "header string", "}} keyword"],
    ["{{> shared/tone a=1}}", "{{> keyword", "shared/tone string", "a=1}} keyword"],
    [
      "{{#if a.b}}{{else}}{{/if}}",
      `{{#if ${KEYWORD}`,
      "a.b variable.template",
      `}} ${KEYWORD}`,
      `{{else ${KEYWORD}`,
      `}} ${KEYWORD}`,
      `{{/if ${KEYWORD}`,
      `}} ${KEYWORD}`,
    ],
    [
      "{{media url=photo}}",
      `{{ ${KEYWORD}`,
      "media support.function.template",
      "url variable.parameter.template",
      "photo variable.template",
      `}} ${KEYWORD}`,
    ],
    ["{{! {{x}}", "{{! {{x}} comment.block.template"],
    ["{{!-- {{> x}} --}} {{x}}", "{{!-- {{> x}} --}} comment.block.template", ...variable("x")],
    ["{{!-- not closed", "{{!-- not closed comment.block.template"],
    ["{{x}}", ...variable("x")],
    ["```"],
    ["{{x}}"],
    ["```"],
  ]);
});
