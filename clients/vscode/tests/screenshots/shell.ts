/** The shell of the integrated terminal: a plain prompt, and a file that tells when it is shown. */
import { existsSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { Page } from "playwright-core";
import type { Settings } from "../harness/codeServer";

const patience = 60_000;

export class Shell {
  /** At each prompt the shell adds a line to the file: what a terminal shows does not tell whether a command has ended. */
  constructor(private readonly prompts: string) {}

  /** What the editor is to be started with. */
  get settings(): Settings {
    const env = { PS1: "$ ", PROMPT_COMMAND: `echo >> '${this.prompts}'` };
    return {
      "terminal.integrated.defaultProfile.linux": "plain",
      "terminal.integrated.profiles.linux": { plain: { path: "bash", args: ["--noprofile", "--norc"], env } },
    };
  }

  /** Waits until the shell has shown so many prompts. */
  async waitForPrompt(count: number): Promise<void> {
    const until = Date.now() + patience;
    while (!existsSync(this.prompts) || readFileSync(this.prompts, "utf8").length < count) {
      if (Date.now() > until) {
        throw new Error("the shell does not come to its prompt");
      }
      await setTimeout(100);
    }
  }

  /** Runs a command in the terminal that has the focus, and waits for its end; `count` says which one it is, from 1. */
  async run(page: Page, command: string, count: number): Promise<void> {
    await this.waitForPrompt(count);
    await page.keyboard.type(command);
    await page.keyboard.press("Enter");
    await this.waitForPrompt(count + 1);
  }
}
