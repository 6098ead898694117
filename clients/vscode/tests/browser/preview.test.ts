/** The rendered preview as a person sees it, on the packed extension. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { projectFolder } from "../harness/folders";
import { sessionOfSuite } from "../harness/session";
import { Workspace } from "../harness/workspace";

suite("the rendered preview", () => {
  const session = sessionOfSuite({
    workspace: async () => await Workspace.copyOf(join(projectFolder, "examples")),
    window: { width: 1600, height: 1000 },
  });

  let page: Locator;

  suiteSetup(async () => {
    const { workbench } = session();
    // Not by the window's address: a window that is told to open a file brings back no others when it is loaded again.
    await workbench.openFile("CLAUDE.md");
    // The first run makes the environment.
    await workbench.editor.line(/# Ferrywell.*tok/).first().waitFor({ timeout: 120_000 });
    await workbench.runCommand("promptls: Open Rendered Prompt to the Side");
    await workbench.tab("Prompt: CLAUDE.md").waitFor();
    page = workbench.webview();
    await page.locator(".origin").first().waitFor();
  });

  /** From the preview, which the keyboard leaves as it leaves any editor. */
  async function focusEditor(): Promise<void> {
    await session().workbench.page.keyboard.press("Control+1");
    await session().workbench.editor.focus();
  }

  test("shows the figures, the parts, and what they bring in", async () => {
    match((await page.locator(".total").textContent()) ?? "", /^2,\d{3} tok$/);
    equal(await page.locator("h2").count(), 6);
    const origin = page.locator(".origin").first();
    match((await origin.textContent()) ?? "", /^AGENTS\.md · 1,\d{3} tok · \d+ %$/);
    match((await page.locator(".reason").first().textContent()) ?? "", /^blocked: /);
    ok(await page.getByRole("meter", { name: "Budget" }).isVisible());
    await session().workbench.screenshot("preview");
  });

  test("goes from part to part by keyboard", async () => {
    await page.locator(".title").first().focus();
    await page.press("Alt+ArrowDown");
    await page.press("Alt+ArrowDown");
    await page.locator(".title:focus", { hasText: "Commands" }).waitFor();
    await page.press("Alt+ArrowUp");
    await page.locator(".title:focus", { hasText: "Before you change anything" }).waitFor();
  });

  test("follows the cursor, and an edit", async () => {
    const { workbench } = session();
    await focusEditor();
    await workbench.editor.goTo(72, 1);
    const current = page.locator('.block[aria-current="true"]');
    await current.filter({ hasText: "## When you are done" }).waitFor();
    await workbench.editor.goTo(72, 24);
    await workbench.page.keyboard.insertText(" 🧤 today");
    await current.filter({ hasText: "## When you are done 🧤 today" }).waitFor();
    await workbench.screenshot("preview-cursor");
  });

  test("puts the cursor where it is clicked", async () => {
    const { workbench } = session();
    await page.locator(".title", { hasText: "Style" }).click();
    await workbench.statusItem("status.editor.selection").filter({ hasText: "Ln 59, Col 1" }).waitFor();
  });

  test("stays with its document when it is locked", async () => {
    const { workbench } = session();
    const lock = page.getByRole("button", { name: "Lock" });
    await lock.click();
    await page.locator('button[aria-pressed="true"]').waitFor();
    await focusEditor();
    await workbench.openFile("AGENTS.md");
    await workbench.tab("AGENTS.md").first().waitFor();
    ok(await workbench.tab("Prompt: CLAUDE.md").isVisible());
    await lock.click();
    await page.locator('button[aria-pressed="true"]').waitFor({ state: "detached" });
    await focusEditor();
    await workbench.openFile("morning-briefing.md");
    await workbench.tab("Prompt: morning-briefing.md").waitFor();
    await page.locator(".origin", { hasText: "passenger-rules.md" }).waitFor();
  });

  test("comes back with its document when the window is loaded again", async () => {
    const { workbench } = session();
    await focusEditor();
    await workbench.runCommand("Developer: Reload Window");
    await workbench.page.waitForEvent("load");
    await workbench.tab("Prompt: morning-briefing.md").click();
    await page.locator(".block").first().waitFor();
    await page.locator(".unresolved mark", { hasText: "@file:docs/handbook/cancelations.md" }).first().waitFor();
  });

  for (const theme of ["Light Modern", "Dark Modern", "Dark High Contrast", "Light High Contrast"]) {
    test(`can be read in ${theme}`, async () => {
      const { workbench } = session();
      await workbench.chooseTheme(theme);
      await page.locator(".block").first().waitFor();
      const colours = await page.locator(".legend .swatch").evaluateAll((swatches) => {
        const browser = globalThis as unknown as { getComputedStyle: (of: unknown) => { backgroundColor: string } };
        return swatches.map((swatch) => browser.getComputedStyle(swatch).backgroundColor);
      });
      equal(new Set(colours).size, 5);
      ok(!colours.includes("rgba(0, 0, 0, 0)"));
      await workbench.screenshot(`preview-${theme.toLowerCase().replaceAll(" ", "-")}`);
    });
  }

  test("has reached this machine alone", () => {
    deepEqual([...session().browser.refusedHosts].filter((host) => !host.endsWith("vscode-cdn.net")), []);
  });
});
