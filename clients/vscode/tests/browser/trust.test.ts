import { sessionOfSuite } from "../harness/session";
import { examples } from "./examples";

suite("trust that is granted in the window", () => {
  const session = sessionOfSuite({ workspace: examples, open: "prompts/morning-briefing.md", asksForTrust: true });

  test("is missing at first: a source is not asked", async () => {
    const { workbench } = session();
    await workbench.editor.waitForLine(/^@api:disruptions *blocked/);
    await (await workbench.showProblems()).row("this workspace is not trusted").waitFor();
    await workbench.screenshot("untrusted");
  });

  test("takes effect without a reload", async () => {
    const { workbench } = session();
    await workbench.page.evaluate("globalThis.stillTheSameWindow = true");
    await workbench.runCommand("Workspaces: Manage Workspace Trust");
    await workbench.page.locator(".workspace-trust-editor .monaco-button", { hasText: /^Trust$/ }).click();
    await workbench.problems.row("this workspace is not trusted").waitFor({ state: "detached" });
    await workbench.page.waitForFunction("globalThis.stillTheSameWindow");
    await workbench.screenshot("trusted");
  });
});
