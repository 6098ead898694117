import * as assert from "node:assert/strict";
import type { ChoiceKey } from "../../../src/commands/choice";
import { frontMatterLine, tomlLine } from "../../../src/commands/settingsFile";

function checkToml(name: string, text: string, key: ChoiceKey, table: string, expected: number | undefined): void {
  test(name, () => {
    assert.equal(tomlLine(text, key, table), expected);
  });
}

suite("where a settings file sets a key", () => {
  checkToml("a model", '# ours\nmodel = "gpt-4o"', "model", "", 1);
  checkToml("a model of another table", '[endpoints.model]\nmodel = "x"', "model", "", undefined);
  checkToml("a comment", '# model = "x"', "model", "", undefined);
  checkToml("a budget", "[budget]\nwarn-at = 0.9\ndocument = 5", "budget", "", 2);
  checkToml("a dotted budget", "budget . document = 5", "budget", "", 0);
  checkToml("an inline budget", "budget = { section = 1, document = 5 }", "budget", "", 0);
  checkToml("an inline budget without one", "budget = { section = 1 }", "budget", "", undefined);
  checkToml("only that of sections", "[budget]\nsection = 5", "budget", "", undefined);
  checkToml("a rule", '[[files]]\nglob = "*.md"\nmodel = "x"\ndocument = 5', "budget", "", 3);
  checkToml("a rule's model", '[[files]]\r\nglob = "*.md"\r\nmodel = "x"', "model", "", 2);
  checkToml("pyproject.toml", '[project]\nmodel = "no"\n[tool.promptls]\nmodel = "x"', "model", "tool.promptls", 3);
  checkToml("pyproject.toml, a table", "[tool.promptls.budget]\ndocument = 5", "budget", "tool.promptls", 1);
  checkToml("pyproject.toml, quoted", '["tool"."promptls".budget]\ndocument = 5', "budget", "tool.promptls", 1);
  checkToml("pyproject.toml without ours", '[tool.other]\nmodel = "x"', "model", "tool.promptls", undefined);
});

function checkFront(name: string, lines: string[], key: ChoiceKey, expected: number | undefined): void {
  test(name, () => {
    assert.equal(frontMatterLine(lines, { start: 0, end: lines.length }, key), expected);
  });
}

suite("where front matter sets a key", () => {
  checkFront("at its top", ["---", "name: x", "model: gpt-4o", "---"], "model", 2);
  checkFront("below promptls", ["---", "promptls:", "  budget: 5", "---"], "budget", 2);
  checkFront("below another key", ["---", "other:", "  budget: 5", "---"], "budget", undefined);
  checkFront("below another key after promptls", ["---", "promptls:", "  model: a", "x:", "  budget: 5"], "budget", undefined);
  checkFront("in quotes", ["---", '"model": x', "---"], "model", 1);
});
