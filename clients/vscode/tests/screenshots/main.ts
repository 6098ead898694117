/** Takes the pictures of the README and the walkthrough: `node main.cjs [SCENE…]`, all scenes by default. */
import { requirePillow, shrink } from "./python";
import type { Scene } from "./scene";
import { editor } from "./scenes/editor";
import { findings } from "./scenes/findings";
import { firstSteps } from "./scenes/firstSteps";
import { picker } from "./scenes/picker";
import { preview } from "./scenes/preview";
import { typing } from "./scenes/typing";
import { Stage } from "./stage";

/** In this order; the editor's is the last, for it leaves the windows light. */
const scenes: Record<string, Scene> = { preview, findings, picker, firstSteps, typing, editor };

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(scenes);
  const unknown = chosen.filter((name) => !(name in scenes));
  if (unknown.length > 0) {
    throw new Error(`no scene is called ${unknown.join(", ")}; there are ${Object.keys(scenes).join(", ")}`);
  }
  requirePillow();
  const stage = await Stage.set(Object.assign({}, ...chosen.map((name) => scenes[name]!.files ?? {})) as Record<string, string>);
  try {
    for (const name of chosen) {
      const pictures = await scenes[name]!.play(stage);
      if (pictures.length > 0) {
        shrink(pictures);
      }
      console.log(`${name}: taken`);
    }
  } finally {
    await stage.strike();
  }
}
