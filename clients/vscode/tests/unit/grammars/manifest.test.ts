/** What package.json names is there, and what it says in words is in package.nls.json. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { PROJECT, runPython, serverPython } from "./server";
import { grammarOf, manifest } from "./tokenizer";

const FILE = /^(?:\.\/)?[\w.-]+(?:\/[\w.-]+)*\.(?:json|png|svg|code-snippets)$/;

/** All strings of package.json but for what is not packed, by their paths in it. */
function* strings(value: unknown, path = ""): Generator<[path: string, text: string]> {
  if (typeof value === "string") {
    yield [path, value];
  } else if (value !== null && typeof value === "object") {
    for (const [key, inner] of Object.entries(value)) {
      yield* strings(inner, path === "" ? key : `${path}.${key}`);
    }
  }
}

function read(name: string): Record<string, string> {
  return JSON.parse(readFileSync(name, "utf8")) as Record<string, string>;
}

suite("package.json", function () {
  this.timeout(60_000);
  const packed = [...strings({ ...manifest, scripts: {}, devDependencies: {}, dependencies: {} })];

  test("every file that it names is there", () => {
    const named = packed.filter(([path, text]) => FILE.test(text) && !/filename|\.extensions/i.test(path));
    assert.ok(named.length > 10);
    assert.deepEqual(named.filter(([, file]) => !existsSync(file)).map(([path, file]) => `${path}: ${file}`), []);
  });

  test("every picture of README.md is there, and packed", () => {
    const pictures = [...readFileSync("README.md", "utf8").matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path]) => path ?? "");
    assert.ok(pictures.length > 0);
    assert.deepEqual(pictures.filter((path) => !path.startsWith("media/") || !existsSync(path)), []);
  });

  test("every placeholder has its words, and all words have a place", () => {
    const placeholders = packed.map(([, text]) => /^%([\w.]+)%$/.exec(text)?.[1]).filter((key) => key !== undefined);
    assert.deepEqual([...new Set(placeholders)].sort(), Object.keys(read("package.nls.json")).sort());
  });

  test("every grammar can be loaded", async () => {
    for (const { scopeName } of manifest.contributes.grammars) {
      assert.ok(await grammarOf(scopeName), scopeName);
    }
  });

  test("what is included in a grammar is there", () => {
    const { grammars } = manifest.contributes;
    const raw = new Map(
      grammars.map(({ scopeName, path }) => [scopeName, JSON.parse(readFileSync(path, "utf8")) as { repository?: object }]),
    );
    for (const [scopeName, grammar] of raw) {
      for (const [path, text] of strings(grammar)) {
        const [scope = "", rule] = path.endsWith(".include") ? text.split("#") : [];
        const included = scope === "" ? grammar : raw.get(scope);
        if (rule !== undefined && included !== undefined) {
          assert.ok(rule in (included.repository ?? {}), `${text} in ${scopeName}`);
        }
        assert.ok(!scope.includes("promptls") || raw.has(scope), `${text} in ${scopeName}`);
      }
    }
  });

  test("the server knows every language that it contributes or colours", function () {
    const python = serverPython();
    if (python === undefined) {
      console.log("      skipped: no Python with promptls; name one in PROMPTLS_PYTHON");
      this.skip();
    }
    const program =
      "from promptls.prompts.dialects import DIALECTS; print(*{i for d in DIALECTS.values() for i in d.language_ids})";
    const known = new Set(runPython(python, PROJECT, "-c", program).split(/\s+/));
    const { languages, semanticTokenScopes } = manifest.contributes;
    const named = [...languages.map(({ id }) => id), ...semanticTokenScopes.map(({ language }) => language)];
    assert.deepEqual(named.filter((id) => !known.has(id)), []);
  });

  test("a step of the walkthrough runs commands that somebody has", () => {
    const words = read("package.nls.json");
    const own = new Set(manifest.contributes.commands.map(({ command }) => command));
    for (const { steps } of manifest.contributes.walkthroughs) {
      for (const { description } of steps) {
        const text = words[description.slice(1, -1)] ?? "";
        for (const [, command = ""] of text.matchAll(/\(command:([\w.]+)\)/g)) {
          assert.ok(!command.startsWith("promptls.") || own.has(command) || command === "promptls.budget.focus", command);
        }
      }
    }
  });
});
