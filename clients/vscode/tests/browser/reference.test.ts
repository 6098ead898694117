import { equal } from "node:assert/strict";
import { sessionOfSuite } from "../harness/session";
import { reviewPrompt, reviewWorkspace } from "./examples";

suite("a broken reference", () => {
  const session = sessionOfSuite({ workspace: reviewWorkspace, open: "prompts/review.md" });

  test("says that there is no such file", async () => {
    const { workbench } = session();
    await workbench.editor.waitForLine(/^@file:docs\/rulez\.md *not found/);
    await workbench.editor.squiggles("error").first().waitFor();
    await (await workbench.showProblems()).row("There is no file `docs/rulez.md`").waitFor();
  });

  test("offers the name that was meant", async () => {
    const { workbench } = session();
    await workbench.editor.goTo(9, 12);
    const fixes = await workbench.editor.showQuickFixes();
    await fixes.getByText("docs/rules.md").first().waitFor();
    await workbench.screenshot("quick-fix");
    await fixes.getByText("docs/rules.md").first().click();
    await workbench.editor.waitForLine(/^@file:docs\/rules\.md *\d+ tok/);
    await workbench.problems.row("There is no file").waitFor({ state: "detached" });
    await workbench.editor.save();
    equal(await session().workspace.read("prompts/review.md"), reviewPrompt.replace("rulez", "rules"));
    await workbench.screenshot("quick-fix-taken");
  });
});
