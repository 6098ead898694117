/** The rendered prompt beside the editor. */
import type { Scene } from "../scene";
import { documentation, walkthrough } from "../targets";

export const preview: Scene = {
  play: async (stage) => {
    const [large, small] = [documentation("preview.png"), walkthrough("preview.png")];
    await stage.shoot({ window: { width: 1200, height: 750 }, open: "CLAUDE.md" }, async (shot) => {
      await shot.closeSideBar();
      await shot.workbench.runCommand("promptls: Open Rendered Prompt to the Side");
      await shot.workbench.webview().locator(".block").first().waitFor();
      await shot.rest(1);
      await shot.picture(large);
      await shot.resize({ width: 900, height: 520 });
      await shot.smallPicture(small);
    });
    return [large, small];
  },
};
