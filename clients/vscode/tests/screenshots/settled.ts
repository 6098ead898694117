/** Waiting until a window has nothing more to show by itself. */
import { setTimeout } from "node:timers/promises";
import type { Page } from "playwright-core";

/** What says that something is under way, or is in front of what a picture is about. */
const unsettled = [
  ".statusbar .codicon-loading, .statusbar .codicon-modifier-spin, .statusbar .codicon-sync",
  ".notifications-toasts.visible .notification-toast",
  ".monaco-progress-container.active",
].join(", ");

const halfDone = /counting…|⋯/;
const betweenLooks = 400;
const patience = 120_000;

/** Waits until nothing is under way and three looks in a row see the same. */
export async function settled(page: Page): Promise<void> {
  const until = Date.now() + patience;
  let before: Buffer | undefined;
  for (let same = 0; same < 2; ) {
    if (Date.now() > until) {
      throw new Error("the window does not come to rest");
    }
    await setTimeout(betweenLooks);
    const now = await page.screenshot({ animations: "disabled", scale: "css" });
    const rests = before?.equals(now) === true && !(await isUnderWay(page));
    same = rests ? same + 1 : 0;
    before = now;
  }
}

async function isUnderWay(page: Page): Promise<boolean> {
  const lines = await page.locator(".editor-instance .view-line").allTextContents();
  return lines.some((line) => halfDone.test(line)) || (await page.locator(unsettled).filter({ visible: true }).count()) > 0;
}
