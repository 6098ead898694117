/** One window that pictures are taken of: how it is arranged, and what of it is kept. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Locator, Page } from "playwright-core";
import type { WindowSize } from "../harness/browser";
import type { ListView } from "../harness/listView";
import type { Workbench } from "../harness/workbench";
import { settled } from "./settled";

/** In pixels of the page; what is left out reaches to the window's edge. */
export interface Crop {
  x?: number;
  y?: number;
  width?: number;
  height?: number;
}

export class Shot {
  constructor(readonly workbench: Workbench) {}

  get page(): Page {
    return this.workbench.page;
  }

  /** Takes the picture when the window has come to rest. */
  async picture(path: string, crop: Crop = {}): Promise<void> {
    await this.take(path, crop, "device");
  }

  /** The same, with one pixel of the picture for each of the page. */
  async smallPicture(path: string, crop: Crop = {}): Promise<void> {
    await this.take(path, crop, "css");
  }

  async resize(window: WindowSize): Promise<void> {
    await this.page.setViewportSize(window);
    await settled(this.page);
  }

  /** Puts the cursor where it covers no figure, and the mouse where nothing answers to it. */
  async rest(line: number, column = 1): Promise<void> {
    await this.workbench.editor.goTo(line, column);
    await this.restMouse();
  }

  async restMouse(): Promise<void> {
    await this.page.mouse.move(this.page.viewportSize()!.width / 2, 4);
  }

  async closeSideBar(): Promise<void> {
    await this.page.keyboard.press("Control+b");
    await this.page.locator(".part.sidebar").waitFor({ state: "hidden" });
  }

  /** Draws the edge of the side bar, so that the rows in it are not cut off. */
  async widenSideBar(width: number): Promise<void> {
    const box = (await this.page.locator(".part.sidebar").boundingBox())!;
    await this.drag({ x: box.x + box.width, y: box.y + box.height / 2 }, { x: box.x + width, y: box.y + box.height / 2 });
  }

  /** Shows the budget of the document in the side bar, between `top` and the window's end, without other views. */
  async showBudget(top: number): Promise<ListView> {
    await this.hideView("Outline");
    await this.hideView("Timeline");
    const budget = await this.workbench.view("Prompt Budget");
    await budget.row("tok").first().waitFor();
    const header = budget.root.locator(".pane-header");
    const box = (await header.boundingBox())!;
    await this.drag({ x: box.x + box.width / 2, y: box.y }, { x: box.x + box.width / 2, y: top });
    return budget;
  }

  /** Draws the upper edge of the panel. */
  async raisePanel(top: number): Promise<void> {
    const box = (await this.page.locator(".part.panel").boundingBox())!;
    // The edge that can be drawn lies in the gap above it.
    await this.drag({ x: box.x + box.width / 2, y: box.y - 3 }, { x: box.x + box.width / 2, y: top });
  }

  private async hideView(title: string): Promise<void> {
    const header = this.page.locator(".pane-header", { has: this.page.locator(`.title:text-is("${title}")`) });
    const item = this.menuItem(`Hide '${title}'`);
    await header.click({ button: "right" });
    await item.hover();
    // A menu that has just opened lets a quick click go by.
    await setTimeout(700);
    await item.click();
    await header.waitFor({ state: "detached" });
  }

  private menuItem(title: string): Locator {
    return this.page.locator(".monaco-menu .action-menu-item", { hasText: title });
  }

  private async drag(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
    await this.page.mouse.move(from.x, from.y);
    await this.page.mouse.down();
    await this.page.mouse.move(to.x, to.y, { steps: 8 });
    await this.page.mouse.up();
    await this.restMouse();
  }

  private async take(path: string, crop: Crop, scale: "css" | "device"): Promise<void> {
    await settled(this.page);
    await mkdir(dirname(path), { recursive: true });
    const window = this.page.viewportSize()!;
    const { x = 0, y = 0 } = crop;
    const clip = { x, y, width: crop.width ?? window.width - x, height: crop.height ?? window.height - y };
    await this.page.screenshot({ path, clip, scale, animations: "disabled" });
  }
}
