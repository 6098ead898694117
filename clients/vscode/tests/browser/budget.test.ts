import { match } from "node:assert/strict";
import { sessionOfSuite } from "../harness/session";
import { reviewWorkspace } from "./examples";

const sentence = " Then say it again in other words, so that nobody can take it the wrong way.".repeat(3);

suite("a section that is pushed over its budget", () => {
  const session = sessionOfSuite({
    workspace: reviewWorkspace,
    open: "prompts/review.md",
    // Where lines are wrapped, Shift+End goes to the end of a part only.
    settings: { "[markdown]": { "editor.wordWrap": "off" } },
  });

  test("is within it at first", async () => {
    const { editor } = session().workbench;
    match(await editor.waitForLine(/^# Review *[\d,]+ tok/), /\d+ % of 60$/);
    await editor.squiggles("error").first().waitFor();
  });

  test("gets an error while typing", async () => {
    const { workbench } = session();
    await workbench.editor.goTo(5, 51);
    await workbench.editor.type(sentence);
    await workbench.editor.waitForLine(/^# Review.* 1\d\d % of 60/);
    await (await workbench.showProblems()).row("cut").first().waitFor();
    await workbench.screenshot("section-over-budget");
  });

  test("is well again when the words are taken back", async () => {
    const { workbench } = session();
    await workbench.editor.goTo(5, 51);
    await workbench.page.keyboard.press("Shift+End");
    await workbench.page.keyboard.press("Delete");
    await workbench.editor.waitForLine(/^# Review.* \d\d % of 60/);
    await workbench.problems.row("cut").first().waitFor({ state: "detached" });
    await workbench.screenshot("section-within-budget-again");
  });
});
