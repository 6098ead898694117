import { sessionOfSuite } from "../harness/session";
import { examples } from "./examples";

/** By their names in the picker, with the class that the window has then. */
const themes = [
  ["Light Modern", "vs", "light"],
  ["Dark Modern", "vs-dark", "dark"],
  ["Dark High Contrast", "hc-black", "high-contrast"],
  ["Light High Contrast", "hc-light", "high-contrast-light"],
] as const;

suite("colours", () => {
  const session = sessionOfSuite({ workspace: examples, open: "CLAUDE.md", window: { width: 1440, height: 900 } });

  suiteSetup(async () => {
    const { workbench } = session();
    await workbench.editor.waitForLine(/^# Ferrywell *[\d,]+ tok/);
    await workbench.view("Prompt Budget");
    await workbench.showProblems();
    await workbench.runCommand("promptls: Open Rendered Prompt to the Side");
    await workbench.webview().waitFor();
  });

  for (const [name, windowClass, picture] of themes) {
    test(`are shown in ${name}`, async () => {
      const { workbench } = session();
      await workbench.chooseTheme(name);
      await workbench.page.locator(`.monaco-workbench.${windowClass}`).waitFor();
      await workbench.editor.waitForLine(/^# Ferrywell *[\d,]+ tok/);
      await workbench.screenshot(`theme-${picture}`);
    });
  }
});
