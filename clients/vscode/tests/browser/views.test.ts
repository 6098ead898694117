import { ok, deepEqual, match } from "node:assert/strict";
import { sessionOfSuite } from "../harness/session";
import { examples } from "./examples";

suite("the views around a prompt", () => {
  const session = sessionOfSuite({ workspace: examples, open: "CLAUDE.md", window: { width: 1440, height: 1000 } });

  test("the status bar says the tokens and the share of the budget", async () => {
    const { workbench } = session();
    await workbench.editor.waitForLine(/^# Ferrywell *[\d,]+ tok/);
    const item = workbench.statusItem("promptls.status");
    await item.filter({ hasText: /^ *[\d,]+.* tok · \d+ % of 2,800/ }).waitFor();
    match((await item.getAttribute("aria-label")) ?? "", /\d tokens.* % of 2,800/);
  });

  test("the tree has the sections, the dearest first, and jumps to them", async () => {
    const { workbench } = session();
    const tree = await workbench.view("Prompt Budget");
    await tree.row("Domain rules").waitFor();
    const names = (await tree.rows()).filter(({ level }) => level === 2).map(({ name }) => name);
    ok(names.length > 2, "sections are not below the document's heading");
    const places = ["Domain rules", "Commands"].map((title) => names.findIndex((name) => name.includes(title)));
    deepEqual(places, [...places].sort((one, other) => one - other));
    await workbench.screenshot("tree");
    await tree.row("Commands").first().click();
    await workbench.page.locator(".statusbar-item", { hasText: /^Ln 18, Col/ }).waitFor();
  });

  test("the Problems panel has the findings with their codes", async () => {
    const { workbench } = session();
    const problems = await workbench.showProblems();
    await problems.row("Domain rules that are easy to break").first().waitFor();
    await problems.row(/budget\/section/).first().waitFor();
    await workbench.screenshot("problems");
  });

  test("the explorer marks the prompts that are over their budget", async () => {
    const { workbench } = session();
    const file = workbench.page.locator(".explorer-folders-view .monaco-list-row[aria-label*='CLAUDE.md']");
    await file.hover();
    await workbench.page.locator(".workbench-hover", { hasText: /2,\d\d\d tokens.* of 2,800/ }).waitFor();
    await workbench.screenshot("explorer-hover");
  });
});
