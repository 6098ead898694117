/** The walkthrough's pictures of what a section costs, of the budget view, and of the command line. */
import type { Scene } from "../scene";
import type { Shot } from "../shot";
import { sample, type Stage } from "../stage";
import { walkthrough } from "../targets";

export const firstSteps: Scene = {
  play: async (stage) => {
    const [hints, budget, ci] = [walkthrough("hints.png"), walkthrough("budget.png"), walkthrough("ci.png")];
    await stage.shoot({ window: { width: 900, height: 600 }, open: sample }, async (shot) => {
      await shot.widenSideBar(430);
      await shot.showBudget(330);
      await shot.rest(1);
      await shot.smallPicture(budget);
      await shot.closeSideBar();
      await shot.smallPicture(hints);
      await check(stage, shot);
      await shot.smallPicture(ci);
    });
    return [hints, budget, ci];
  },
};

/** Runs the checks of CI in a terminal that has the whole window. */
async function check(stage: Stage, shot: Shot): Promise<void> {
  const { page, workbench } = shot;
  await workbench.runCommand("Terminal: Create New Terminal in Editor Area");
  await workbench.runCommand("View: Close Other Editors in Group");
  const terminal = page.locator(".terminal-wrapper.active .xterm-screen");
  await terminal.click();
  // The environment was moved into its place, which its scripts do not survive.
  await stage.shell.run(page, `promptls() { '${stage.python}' -m promptls "$@"; }; clear`, 1);
  await stage.shell.run(page, 'promptls check agents skills; echo "exit code $?"', 2);
  await shot.restMouse();
}
