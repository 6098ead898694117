/** The picker of model and budget, which a click in the status bar opens, and the models in it. */
import type { Scene } from "../scene";
import { documentation, walkthrough } from "../targets";

export const picker: Scene = {
  play: async (stage) => {
    const [places, models] = [documentation("picker.png"), walkthrough("model.png")];
    await stage.shoot({ window: { width: 1000, height: 560 }, open: "CLAUDE.md" }, async (shot) => {
      const rows = shot.page.locator(".quick-input-widget .monaco-list-row");
      await shot.closeSideBar();
      await shot.rest(10);
      await shot.workbench.statusItem("promptls.status").click();
      await rows.first().waitFor();
      await shot.restMouse();
      await shot.picture(places);
      await shot.page.keyboard.press("Escape");

      await shot.resize({ width: 900, height: 760 });
      await shot.workbench.statusItem("promptls.status").click();
      await rows.filter({ hasText: "odel" }).first().click();
      await rows.filter({ hasText: "$" }).first().waitFor();
      await shot.workbench.quickInput.fill("gpt-5");
      await rows.filter({ hasText: "gpt-5" }).first().waitFor();
      await shot.restMouse();
      await shot.smallPicture(models, { height: 460 });
    });
    return [places, models];
  },
};
