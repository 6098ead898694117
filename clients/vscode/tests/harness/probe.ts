/** Asks the probe extension what the editor and the language server hold of the active document. */
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import type { Page } from "playwright-core";
import type { ProbeReading } from "./probe/extension";

const patience = 120_000;

export class Probe {
  /** What the editor has to be started with. */
  readonly environment: Record<string, string>;

  constructor(private readonly file: string) {
    this.environment = { PROMPTLS_PROBE: file };
  }

  async read(page: Page): Promise<ProbeReading> {
    await rm(this.file, { force: true });
    await page.keyboard.press("Control+Alt+Shift+F9");
    const until = Date.now() + patience;
    while (!existsSync(this.file)) {
      if (Date.now() > until) {
        throw new Error("the probe extension did not answer");
      }
      await setTimeout(50);
    }
    return JSON.parse(await readFile(this.file, "utf8")) as ProbeReading;
  }
}
