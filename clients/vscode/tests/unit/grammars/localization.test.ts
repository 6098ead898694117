/** All that a person reads can be translated, and the German translation is whole. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const EXPORT = join("node_modules", "@vscode", "l10n-dev", "dist", "cli.js");
const PLACEHOLDERS = /\{\d+\}/g;
/** What a translation leaves as it is: commands, and names of settings in backticks. */
const KEPT = /\(command:[\w.]+\)|`+promptls[^`]*`+|\*\*(?=\w)/g;

type Message = string | { message: string };

function read(folder: string, name: string): Record<string, string> {
  const messages = JSON.parse(readFileSync(join(folder, name), "utf8")) as Record<string, Message>;
  return Object.fromEntries(
    Object.entries(messages).map(([key, value]) => [key, typeof value === "string" ? value : value.message]),
  );
}

/** Checks that a translation has the keys of the original, and in each text the same marks. */
function check(original: Record<string, string>, translation: Record<string, string>, marks: RegExp): void {
  assert.deepEqual(Object.keys(translation).sort(), Object.keys(original).sort());
  const found = (text: string | undefined) => [...(text ?? "").matchAll(marks)].map(([mark]) => mark).sort();
  const different = Object.keys(original).filter((key) => found(original[key]).join() !== found(translation[key]).join());
  assert.deepEqual(different, []);
  assert.deepEqual(Object.keys(translation).filter((key) => translation[key]?.trim() === ""), []);
}

suite("translations", function () {
  this.timeout(60_000);

  test("the bundle holds every string of the sources, and no other", () => {
    const folder = mkdtempSync(join(tmpdir(), "promptls-l10n-"));
    try {
      const run = spawnSync(process.execPath, [EXPORT, "export", "-o", folder, "src"], { encoding: "utf8" });
      assert.equal(run.status, 0, run.stderr);
      const name = "bundle.l10n.json";
      const hint = "run: npx @vscode/l10n-dev export -o l10n src";
      assert.deepEqual(Object.keys(read("l10n", name)).sort(), Object.keys(read(folder, name)).sort(), hint);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("the German bundle has the same strings and placeholders", () => {
    check(read("l10n", "bundle.l10n.json"), read("l10n", "bundle.l10n.de.json"), PLACEHOLDERS);
  });

  test("the German package.nls.json has the same keys, commands and names", () => {
    check(read(".", "package.nls.json"), read(".", "package.nls.de.json"), KEPT);
  });
});
