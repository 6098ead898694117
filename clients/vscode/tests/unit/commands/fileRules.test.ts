import * as assert from "node:assert/strict";
import { findRule, globOf, withRule } from "../../../src/commands/fileRules";

suite("the glob that means exactly one file", () => {
  for (const [path, expected] of [
    ["docs/note.md", "docs/note.md"],
    ["note.md", "/note.md"],
    ["!note.md", "/!note.md"],
    ["!docs/note.md", "/!docs/note.md"],
    ["a*b/what?.md", "a\\*b/what\\?.md"],
    ["[id]/x{y}.md", "\\[id]/x{y}.md"],
    ["a\\b/c.md", "a\\\\b/c.md"],
    ["ümläut/漢字 1.md", "ümläut/漢字 1.md"],
  ] as const) {
    test(path, () => {
      assert.equal(globOf(path), expected);
    });
  }
});

suite("a rule for exactly one file", () => {
  const other = { glob: "*.md", section: 100 };

  function check(
    name: string,
    rules: unknown,
    glob: string,
    values: Parameters<typeof withRule>[2],
    expected: unknown[],
  ): void {
    test(name, () => {
      const before = structuredClone(rules);
      assert.deepEqual(withRule(rules, glob, values), expected);
      assert.deepEqual(rules, before, "what the settings gave must not be changed");
    });
  }

  check("the first one", [], "docs/a.md", {}, [{ glob: "docs/a.md" }]);
  check("no list at all", undefined, "docs/a.md", { model: "m" }, [{ glob: "docs/a.md", model: "m" }]);
  check("comes before the others", [other], "/a.md", { document: 5 }, [{ glob: "/a.md", document: 5 }, other]);
  check("is changed, and comes first", [other, { glob: "d/a.md", model: "m", section: 7 }], "d/a.md", { document: "60%" }, [
    { glob: "d/a.md", model: "m", section: 7, document: "60%" },
    other,
  ]);
  check("is found in another spelling", [{ glob: "./d/a.md" }, { glob: "/d/a.md" }], "d/a.md", { model: "m" }, [
    { glob: "./d/a.md", model: "m" },
  ]);
  check("one for a name at any depth is another", [{ glob: "a.md" }], "/a.md", {}, [{ glob: "/a.md" }, { glob: "a.md" }]);
  check("a value is taken away, the rule stays", [{ glob: "d/a.md", model: "m" }], "d/a.md", { model: undefined }, [
    { glob: "d/a.md" },
  ]);
  check("what is no rule stays", [3, { x: 1 }], "d/a.md", {}, [{ glob: "d/a.md" }, 3, { x: 1 }]);

  test("is found", () => {
    const rule = { glob: "/d/a.md", model: "m" };
    assert.equal(findRule([other, rule], "d/a.md"), rule);
    assert.equal(findRule([other], "d/a.md"), undefined);
    assert.equal(findRule("nothing", "d/a.md"), undefined);
  });
});
