import assert from "node:assert/strict";
import { coloured, grammarOf, tokenize } from "./tokenizer";

/** Checks what is coloured in a paragraph of Markdown. */
function check(line: string, expected: string[], scope = "text.html.markdown"): void {
  test(line, async () => {
    const [tokens] = tokenize(await grammarOf(scope), line);
    assert.deepEqual(coloured(tokens ?? []), expected);
  });
}

suite("colours of references", function () {
  this.timeout(60_000);

  suite("@file:", () => {
    check("See @file:docs/style.md.", ["@file: keyword", "docs/style.md string"]);
    check("@file:a.md,@file:b.md", ["@file: keyword", "a.md string", "@file: keyword", "b.md string"]);
    check("**@file:docs/**/*.md**", ["@file: keyword", "docs/**/*.md string"]);
    check("_@file:a_b.md_ '@file:c.md'", ["@file: keyword", "a_b.md string", "@file: keyword", "c.md string"]);
    check("@file:README.md's conventions", ["@file: keyword", "README.md string"]);
    check("(@file:app/(site)/[id]/page.tsx)", ["@file: keyword", "app/(site)/[id]/page.tsx string"]);
    check("[@file:a.md](b.md)", ["@file: keyword", "a.md string"]);
    check("| a | @file:a.md |", ["@file: keyword", "a.md string"]);
    check("请看@file:docs/文档.md，然后", ["@file: keyword", "docs/文档.md string"]);
    check("😀 @file:docs/x.md", ["@file: keyword", "docs/x.md string"]);
    check('@file:"a b.md"#L10-L40, and', ["@file: keyword", '"a b.md" string', "#L10-L40 parameter"]);
    check("@file:a.py#L10-L40", ["@file: keyword", "a.py string", "#L10-L40 parameter"]);
    check("@file:a.md?lines=1-40&optional.", ["@file: keyword", "a.md string", "?lines=1-40&optional parameter"]);
    check("@file:src/?.py", ["@file: keyword", "src/?.py string"]);
    check("@file:docs/{{lang}}.md", ["@file: keyword", "docs/{{lang}}.md string"]);
    check("@file: x, me@file:x, @@file:x, @File:x, `@file:x`", []);
    check("\\@file:x", ["\\@ constant.character.escape"]);
    check('@file:"not closed', []);
  });

  suite("@api: and @var:", () => {
    check("(@api:weather.today).", ["@api: keyword", "weather.today string"]);
    check("@api:weather?max=50", ["@api: keyword", "weather string", "?max=50 parameter"]);
    check("@api:https://x.org/a?b=c&max=5", ["@api: keyword", "https://x.org/a?b=c string", "&max=5 parameter"]);
    check("@api:https://x.org/a?max=5&b=c", ["@api: keyword", "https://x.org/a?max=5&b=c string"]);
    check("Dear @var:customer.name, hello", ["@var: keyword", "customer.name variable"]);
    check("@var:env:HOME @var:größe?optional", [
      "@var: keyword",
      "env:HOME variable",
      "@var: keyword",
      "größe variable",
      "?optional parameter",
    ]);
  });

  suite("#file:", () => {
    check("Use #file:index.html:94-99 to see", ["#file: keyword", "index.html string", ":94-99 parameter"]);
    check("**#file:{{file}}** (#file:a.md)", ["#file: keyword", "{{file}} string", "#file: keyword", "a.md string"]);
    check("x#file:a.md and #tool:search", []);
  });

  suite("@path", () => {
    check("@./x @../y @~/z.md @/etc/hosts", [
      ..."./x ../y ~/z.md /etc/hosts".split(" ").flatMap((path) => ["@ keyword", `${path} string`]),
    ]);
    check("@docs/x.md#setup, then", ["@ keyword", "docs/x.md string", "#setup parameter"]);
    check("@docs/a\\ b.md", ["@ keyword", "docs/a\\ b.md string"]);
    check("@AGENTS.md and @notes.txt.", ["@ keyword", "AGENTS.md string", "@ keyword", "notes.txt string"]);
    check("mail me@example.com or a.b@c.d/e.md", []);
    check("@react-three/fiber, @scope/pkg and @types/node@20.1.x", []);
    check("@dataclass(frozen=True) @Override @Next.js @media", []);
    check("@docs/<name>.md @src/**/*.ts @https://example.com/x.md", []);
  });

  suite("arguments and inputs", () => {
    check("Phase: $ARGUMENTS, $ARGUMENTS[0]", ["$ keyword", "ARGUMENTS variable", "$ keyword", "ARGUMENTS[0] variable"]);
    check("Read @$ARGUMENTS/README.md", ["@ keyword", "$ARGUMENTS/README.md string"]);
    check("costs $5.00, $1 or $ARGUMENTS_X", []);
    const inCopilot = "text.html.markdown.prompt";
    check("in ${selection} of ${workspaceFolder}", [
      "${ keyword",
      "selection variable",
      "} keyword",
      "${ keyword",
      "workspaceFolder variable",
      "} keyword",
    ], inCopilot);
    check("# ${input:name:a placeholder}", ["${input: keyword", "name variable", ":a placeholder} keyword"], inCopilot);
    check("${PROJECT_TYPE} ${{ secrets.KEY }} ${language:comment}", [], inCopilot);
    check("${input:name} and ${file}", []);
  });
});
