/** What stands above the prompt: figures, buttons, the legend, and what there is to say. */
import { count, percent } from "../../figures";
import { stepLabels } from "../costScale";
import type { Head, PageMessage, Status } from "../messages";
import { button, element } from "./elements";
import { fill, texts, tokensLabel } from "./texts";

export class Header {
  readonly root: HTMLElement;
  private readonly figures = element("div", { class: "figures", role: "group", label: texts.figures });
  private readonly status = element("div", { class: "status", role: "status" });
  private readonly announcement = element("span", { class: "announcement", role: "status" });
  private readonly lock: HTMLButtonElement;

  constructor(
    private readonly post: (message: PageMessage) => void,
    step: (by: number) => void,
  ) {
    this.lock = button({ text: texts.lock, title: texts.lockHint }, () => {
      post({ type: "lock", locked: this.lock.getAttribute("aria-pressed") !== "true" });
    });
    const copy = button({ text: texts.copyAll, title: texts.copyAllHint }, () => {
      post({ type: "copy" });
    });
    const previous = button({ text: "↑", label: texts.previous, title: `${texts.previous} (Alt+↑)` }, () => {
      step(-1);
    });
    const next = button({ text: "↓", label: texts.next, title: `${texts.next} (Alt+↓)` }, () => {
      step(1);
    });
    const buttons = element("div", { class: "buttons" }, this.announcement, previous, next, copy, this.lock);
    const top = element("div", { class: "top" }, this.figures, buttons);
    this.root = element("header", {}, top, legend(), this.status);
    this.setLocked(false);
  }

  setLocked(locked: boolean): void {
    this.lock.setAttribute("aria-pressed", String(locked));
  }

  setHead(head: Head | null): void {
    this.figures.replaceChildren(...(head === null ? [] : figuresOf(head)));
  }

  setStatus(status: Status | null): void {
    this.status.className = `status ${status?.kind ?? ""}`;
    this.status.replaceChildren();
    if (status !== null) {
      this.status.append(element("span", { text: status.message }));
      if (status.action !== null) {
        const act = (): void => {
          this.post({ type: "act" });
        };
        this.status.append(button({ text: status.action }, act));
      }
    }
  }

  /** Say something that has happened, for two seconds. */
  announce(text: string): void {
    this.announcement.textContent = text;
    setTimeout(() => {
      this.announcement.textContent = "";
    }, 2_000);
  }
}

function figuresOf(head: Head): Node[] {
  const total = element("strong", { class: "total", text: tokensLabel(head.tokens, head) });
  const details = [head.model, head.parts === 1 ? texts.onePart : fill(texts.parts, count(head.parts))];
  if (head.written !== null && head.written !== head.tokens) {
    details.unshift(fill(texts.written, tokensLabel(head.written, head)));
  }
  const found: Node[] = [total, ...details.map((text) => element("span", { text }))];
  if (head.budget !== null) {
    found.push(budgetBar(head.budget));
  }
  return found;
}

function budgetBar({ used, limit, state }: NonNullable<Head["budget"]>): HTMLElement {
  const share = used / limit;
  const text = fill(texts.budget, percent(share), count(limit));
  const filled = element("span", { class: "filled" });
  filled.style.width = `${Math.min(share, 1) * 100}%`;
  const bar = element("span", { class: "bar", role: "meter", label: texts.budgetLabel }, filled);
  bar.setAttribute("aria-valuemin", "0");
  bar.setAttribute("aria-valuemax", String(limit));
  bar.setAttribute("aria-valuenow", String(Math.min(used, limit)));
  bar.setAttribute("aria-valuetext", text);
  const warning = state === "over" ? texts.budgetOver : state === "near" ? texts.budgetNear : "";
  const label = element("span", { text: warning === "" ? text : `${text}, ${warning}` });
  return element("span", { class: `budget ${state}` }, bar, label);
}

function legend(): HTMLElement {
  const items = stepLabels().map((text, index) =>
    element("li", { class: `step-${index + 1}` }, element("span", { class: "swatch" }), element("span", { text })),
  );
  const list = element("ul", { class: "legend", label: texts.legend, title: texts.keys });
  list.append(element("li", { class: "legend-title", text: texts.legend }), ...items);
  return list;
}
