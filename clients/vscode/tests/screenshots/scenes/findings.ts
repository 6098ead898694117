/** What is wrong in a prompt: a reference that leads nowhere with its quick fix, and the Problems panel. */
import type { Scene } from "../scene";
import { documentation, walkthrough } from "../targets";

const open = "prompts/morning-briefing.md";
const broken = /^@file:docs\/handbook\/cancelations\.md$/;

export const findings: Scene = {
  play: async (stage) => {
    const [quickFix, smallQuickFix, problems] = [documentation("quick-fix.png"), walkthrough("references.png"), documentation("problems.png")];
    const line = await stage.lineOf(open, broken);
    await stage.shoot({ window: { width: 900, height: 520 }, open }, async (shot) => {
      await shot.closeSideBar();
      await shot.workbench.editor.goTo(line, 10);
      const fixes = await shot.workbench.editor.showQuickFixes();
      await fixes.getByText("cancellations.md").first().waitFor();
      await shot.restMouse();
      await shot.picture(quickFix);
      await shot.smallPicture(smallQuickFix);
      await shot.page.keyboard.press("Escape");

      await shot.resize({ width: 1200, height: 720 });
      await shot.workbench.showProblems();
      await shot.raisePanel(320);
      await shot.rest(line);
      await shot.picture(problems);
    });
    return [quickFix, smallQuickFix, problems];
  },
};
