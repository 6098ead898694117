/** Real prompts: what is coloured is what the server finds, and all else is coloured as without us. */
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as protocol from "../../../src/protocol";
import { PROJECT, runPython, serverPython } from "./server";
import { grammarOf, ownScope, type Token, tokenize } from "./tokenizer";

const CORPUS = join(PROJECT, "..", "shared", "corpus");
/** Without this, the server takes these for plain Markdown: they lie outside of a folder `.claude`. */
const SETTINGS = '[[files]]\nglob = "get-shit-done/**/*.md"\ndialect = "claude"\n';

/** What is coloured although the server lists no reference there. */
const KNOWN_EXTRAS: readonly { why: string; applies: (place: Place) => boolean }[] = [
  {
    why: "Claude Code fills in arguments in commands and skills only; which file is one, the grammar cannot know",
    applies: ({ text, dialect }) => dialect === "claude" && text === "$ARGUMENTS",
  },
  {
    why: "Prompty reads its front matter; it is not sent, so that the server counts nothing in it",
    applies: ({ dialect, scopes }) => dialect === "prompty" && scopes.includes("meta.embedded.block.frontmatter"),
  },
  {
    why: "punctuation breaks the import: the server tells it only where there is such a file",
    applies: ({ text, line }) => /[),.:;]/.test(line.charAt(line.indexOf(text) + text.length)),
  },
];

interface Document extends Pick<protocol.Report, "dialect" | "references"> {
  path: string;
}

interface Place {
  text: string;
  line: string;
  dialect: string;
  scopes: string[];
}

/** As VS Code chooses the language by the file's name. */
function scopeOf(path: string): string {
  const known: [RegExp, string][] = [
    [/\.prompty$/, ".prompty"],
    [/\.prompt$/, ".dotprompt"],
    [/\.(prompt|instructions|agent|chatmode)\.md$|SKILL\.md$/, ".prompt"],
  ];
  return `text.html.markdown${known.find(([pattern]) => pattern.test(path))?.[1] ?? ""}`;
}

/** The references that are coloured in a line, from the opening to the closing token of each. */
function spans(line: Token[]): { start: number; end: number; scopes: string[] }[] {
  const found: { start: number; end: number; scopes: string[] }[] = [];
  let last: (typeof found)[number] | undefined;
  for (const token of line) {
    const scope = ownScope(token);
    if (scope?.endsWith(".reference.promptls") !== true) {
      last = undefined;
    } else if (last?.end === token.start && (!scope.startsWith("keyword") || token.text.endsWith("}"))) {
      last.end = token.end;
    } else {
      last = { start: token.start, end: token.end, scopes: token.scopes };
      found.push(last);
    }
  }
  return found;
}

/** Markdown's own grammar colours the paths of links. */
function isColouredLink(line: Token[], { start, end }: protocol.Range): boolean {
  const inside = line.filter((token) => token.start >= start.character && token.end <= end.character);
  return (
    inside[0]?.text === "[" &&
    inside.some(({ scopes }) => scopes.some((scope) => scope.startsWith("markup.underline.link")))
  );
}

/** Where code spans stand in a line: VS Code's grammar sees none in blocks of HTML, ours does. */
function codeSpans(line: Token[]): string {
  const inside = line.filter(({ scopes }) => scopes.some((scope) => scope.startsWith("markup.inline.raw")));
  return inside.map(({ start, end }) => `${start}-${end}`).join(" ");
}

suite("colours in real prompts", function () {
  this.timeout(300_000);
  let folder = "";

  suiteSetup(function () {
    if (!existsSync(CORPUS)) {
      console.log("      skipped: there is no corpus at ../shared/corpus");
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "promptls-colours-"));
    cpSync(CORPUS, folder, { recursive: true });
    writeFileSync(join(folder, "promptls.toml"), SETTINGS);
  });

  suiteTeardown(() => {
    // There is none where there is no corpus.
    if (folder !== "") {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("what is coloured as a reference is one to the server, and the other way round", async function () {
    const python = serverPython();
    if (python === undefined) {
      console.log("      skipped: no Python with promptls; name one in PROMPTLS_PYTHON");
      this.skip();
    }
    const options = ["count", "--format", "json", "--root", ".", "--database", "memory", "."];
    const { documents } = JSON.parse(runPython(python, folder, "-m", "promptls", ...options)) as { documents: Document[] };
    const missing: string[] = [];
    const extra: string[] = [];
    let agreed = 0;
    let known = 0;
    // Of the documents without references every third, for the time it takes.
    for (const { path, dialect, references } of documents.filter(
      (document, number) => document.references.length > 0 || number % 3 === 0,
    )) {
      const text = readFileSync(join(folder, path), "utf8");
      const lines = text.split(/\r\n|\n|\r/);
      const coloured = tokenize(await grammarOf(scopeOf(path)), text);
      const open = new Map(
        coloured.flatMap((line, number) =>
          spans(line).map((span) => [`${number}:${span.start}-${span.end}`, { number, ...span }]),
        ),
      );
      for (const { range } of references) {
        const { line, character } = range.start;
        if (open.delete(`${line}:${character}-${range.end.character}`) || isColouredLink(coloured[line] ?? [], range)) {
          agreed += 1;
        } else {
          missing.push(`${path}:${line + 1}:${character + 1}`);
        }
      }
      for (const { number, start, end, scopes } of open.values()) {
        const line = lines[number] ?? "";
        const place = { text: line.slice(start, end), line, dialect, scopes };
        if (KNOWN_EXTRAS.some(({ applies }) => applies(place))) {
          known += 1;
        } else {
          extra.push(`${path}:${number + 1} ${place.text}`);
        }
      }
    }
    assert.deepEqual({ missing, extra }, { missing: [], extra: [] });
    assert.ok(agreed > 300, `${agreed} references`);
    assert.ok(known < agreed / 4, `${known} known differences beside ${agreed} references`);
  });

  test("what is none of ours is coloured as VS Code's Markdown colours it", async () => {
    const markdown = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".md"));
    const changed: string[] = [];
    // Every fifth file, for the time it takes.
    for (const path of markdown.filter((_, number) => number % 5 === 0)) {
      const text = readFileSync(join(folder, path), "utf8");
      const scope = scopeOf(path);
      const plain = tokenize(await grammarOf(scope, "none"), text);
      tokenize(await grammarOf(scope, "ours"), text).forEach((line, number) => {
        const before = plain[number] ?? [];
        const isOurs = line.some(ownScope) || codeSpans(line) !== codeSpans(before);
        if (!isOurs && JSON.stringify(line) !== JSON.stringify(before)) {
          changed.push(`${path}:${number + 1}`);
        }
      });
    }
    assert.deepEqual(changed, []);
  });
});
