/** The animation: a section is typed over its budget and back, then a file is brought in. */
import { removeFolder, temporaryFolder } from "../../harness/folders";
import { Film } from "../film";
import type { Scene } from "../scene";
import type { Shot } from "../shot";
import { settled } from "../settled";
import { documentation } from "../targets";

const open = "prompts/harbour-notice.md";
const notice = `---
budget: 50
---

# Harbour notice

## What to say

<!-- promptls: budget=40 -->

Say which boat is late and what passengers can do.

## Rules

`;
const paragraph = /^Say which boat/;

export const typing: Scene = {
  files: { [open]: notice, "docs/quiet-hours.md": "No loudspeaker before seven.\n" },
  play: async (stage) => {
    const line = await stage.lineOf(open, paragraph);
    const folder = temporaryFolder();
    try {
      await stage.shoot({ window: { width: 900, height: 560 }, open }, async (shot) => {
        await shot.closeSideBar();
        await shot.rest(line, 200);
        const film = new Film(shot.page, folder);
        await play(shot, film);
        await film.cut(documentation("typing.gif"));
      });
    } finally {
      await removeFolder(folder);
    }
    return [];
  },
};

async function play(shot: Shot, film: Film): Promise<void> {
  const times = " Boats leave at 14:30, 15:15, 16:45, 18:00.";
  await film.hold(400);
  await film.type(" Say who pays for a taxi.");
  await film.hold(600);
  await film.type(times);
  await film.hold(1300);
  await film.holdKey("Backspace", times.length);
  await film.hold(800);
  await shot.workbench.editor.goTo(notice.split("\n").length);
  await settled(shot.page);
  await film.type("@file:");
  await film.hold(400);
  await film.type("docs/q");
  await film.hold(400);
  await film.press("Tab");
  // The cursor would cover the figure.
  await film.press("ArrowUp");
  await film.hold(1300);
}
