/** The first picture of the README: hints, code lens, squiggles, the status bar, and the budget view. */
import type { Scene } from "../scene";
import type { Shot } from "../shot";
import { documentation } from "../targets";

const window = { width: 1280, height: 800 };

export const editor: Scene = {
  play: async (stage) => {
    const [dark, light] = [documentation("editor.png"), documentation("editor-light.png")];
    await stage.shoot({ window, open: "CLAUDE.md" }, async (shot) => {
      await arrange(shot);
      await shot.picture(dark);
      await shot.workbench.chooseTheme("Light Modern");
      await shot.page.locator(".monaco-workbench.vs").waitFor();
      await shot.rest(10);
      await shot.picture(light);
    });
    return [dark, light];
  },
};

async function arrange(shot: Shot): Promise<void> {
  await shot.widenSideBar(470);
  await shot.showBudget(330);
  await shot.rest(10);
}
