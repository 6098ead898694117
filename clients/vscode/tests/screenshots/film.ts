/** An animation made of screenshots: each is held as long as the person at the keyboard takes for the step it shows. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { pythonModule } from "./python";
import { settled } from "./settled";

interface Frame {
  file: string;
  milliseconds: number;
}

/** Milliseconds from one key to the next, of a quick typist. */
const keyStep = 40;
/** Milliseconds from one key to the next when a key is kept down. */
const repeatStep = 30;

export class Film {
  readonly #frames: Frame[] = [];

  /** Screenshots go into the folder. */
  constructor(
    private readonly page: Page,
    private readonly folder: string,
  ) {}

  /** Types a text, a picture for each key. */
  async type(text: string): Promise<void> {
    for (const key of text) {
      await this.press(key === " " ? "Space" : key);
    }
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
    await this.#shoot(keyStep);
  }

  /** Keeps a key down until it has been repeated so often. */
  async holdKey(key: string, times: number): Promise<void> {
    for (let count = 0; count < times; count += 1) {
      await this.page.keyboard.press(key);
      await this.#shoot(repeatStep);
    }
  }

  /** Shows what the window has come to for some milliseconds. */
  async hold(milliseconds: number): Promise<void> {
    await settled(this.page);
    await this.#shoot(milliseconds);
  }

  /** Puts the pictures together. */
  async cut(target: string): Promise<void> {
    const list = join(this.folder, "frames.json");
    await writeFile(list, JSON.stringify(this.#frames));
    pythonModule("scripts.animation", list, target);
  }

  async #shoot(milliseconds: number): Promise<void> {
    const file = `${String(this.#frames.length).padStart(4, "0")}.png`;
    await this.page.screenshot({ path: join(this.folder, file), scale: "css", animations: "disabled" });
    this.#frames.push({ file, milliseconds });
  }
}
