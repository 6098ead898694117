/** The prompt on the page: its blocks, drawn, replaced, marked and asked where something is. */
import { stepOf } from "../costScale";
import type { Block, Head, Run } from "../messages";
import { button, element } from "./elements";
import { motion, showPlace } from "./scrolling";
import { costLabel, fill, spokenCost, texts } from "./texts";

/** What a click or a key asks for. */
export type Wish =
  | { kind: "copyPart"; block: number }
  | { kind: "copyInsert"; block: number; run: number }
  | { kind: "open"; block: number; offset: number; focus: boolean };

interface Drawn {
  root: HTMLElement;
  block: Block;
  runs: HTMLElement[];
  /** The text of each run. */
  words: Text[];
  /** Where the cost of the part is written. */
  cost: HTMLElement | undefined;
}

export class BlockList {
  readonly root = element("main", { label: texts.prompt });
  private drawn: Drawn[] = [];
  private head: Head | null = null;
  private current: HTMLElement[] = [];

  constructor(wish: (wish: Wish) => void) {
    this.root.addEventListener("click", (event) => {
      const found = event.target instanceof Node ? this.wishAt(event.target, event) : undefined;
      if (found !== undefined) {
        wish(found);
      }
    });
  }

  /** Figures that depend on the whole are written anew where they differ. */
  setHead(head: Head | null): void {
    this.head = head;
    for (const drawn of this.drawn) {
      this.paint(drawn);
    }
  }

  splice(from: number, removed: number, added: Block[]): void {
    const fresh = added.map((block) => this.draw(block));
    const before = this.drawn[from + removed]?.root ?? null;
    const old = this.drawn.slice(from, from + removed);
    this.drawn = [...this.drawn.slice(0, from), ...fresh, ...this.drawn.slice(from + removed)];
    old.forEach(({ root }) => {
      root.remove();
    });
    const fragment = document.createDocumentFragment();
    fragment.append(...fresh.map(({ root }) => root));
    this.root.insertBefore(fragment, before);
  }

  get isEmpty(): boolean {
    return this.drawn.length === 0;
  }

  /** Mark the block that the cursor is in, and what of it comes from elsewhere; null: none. */
  mark(block: number | null, offset: number, scroll: boolean): void {
    this.current.forEach((element) => {
      element.removeAttribute("aria-current");
    });
    const drawn = block === null ? undefined : this.drawn[block];
    const run = drawn && runAt(drawn.block.runs, offset);
    const insert = run !== undefined && drawn?.block.runs[run.index]?.insert !== undefined ? drawn.runs[run.index] : undefined;
    this.current = [drawn?.root, insert].filter((found) => found !== undefined);
    this.current.forEach((element) => {
      element.setAttribute("aria-current", "true");
    });
    if (scroll && drawn !== undefined) {
      const words = run && drawn.words[run.index];
      showPlace(drawn.root, words, run?.offset ?? 0);
    }
  }

  /** Put the focus on the next heading, or (-1) the one before: from the focus, or from what is in view. */
  step(by: number): void {
    const heads = [...this.root.querySelectorAll<HTMLElement>(".title")];
    const focused = heads.findIndex((head) => head.closest(".block")?.contains(document.activeElement));
    const top = document.querySelector("header")?.getBoundingClientRect().bottom ?? 0;
    const seen = heads.findIndex((head) => head.getBoundingClientRect().top >= top);
    const first = by > 0 ? (seen < 0 ? heads.length - 1 : seen) : (seen < 0 ? heads.length : seen) - 1;
    const next = heads[focused < 0 ? Math.max(first, 0) : focused + by];
    next?.focus({ preventScroll: true });
    next?.closest(".block")?.scrollIntoView({ block: "start", behavior: motion() });
  }

  private draw(block: Block): Drawn {
    const words = block.runs.map((run) => document.createTextNode(run.text));
    const runs = block.runs.map((run, index) => drawRun(run, words[index] ?? document.createTextNode("")));
    const text = element("div", { class: "text" }, ...runs);
    const root = element("div");
    let cost: HTMLElement | undefined;
    if (block.head !== undefined) {
      const title = titleOf(block.head);
      const heading = element("h2", {}, button({ class: "title", text: title, title: fill(texts.open, title) }));
      const copy = button({ class: "copy-part", text: texts.copy, label: fill(texts.copyPart, title) });
      // A section that goes on has said before what it costs.
      cost = block.head.kind === "continued" ? undefined : element("span", { class: "cost" });
      root.append(element("div", { class: "head" }, heading, ...(cost === undefined ? [] : [cost]), copy));
    }
    root.append(text);
    const drawn = { root, block, runs, words, cost };
    this.paint(drawn);
    return drawn;
  }

  /** The colour and the figures, which change with the whole. */
  private paint({ root, block, runs, cost }: Drawn): void {
    const { head } = this;
    const whole = head?.tokens ?? null;
    setClass(root, `block step-${stepOf(block.tokens, whole)}`);
    if (cost !== undefined && setText(cost, costLabel(block.tokens, head))) {
      cost.setAttribute("aria-label", spokenCost(block.tokens, head));
    }
    block.runs.forEach(({ insert }, index) => {
      const drawn = runs[index];
      if (insert === undefined || drawn === undefined) {
        return;
      }
      setClass(drawn, `insert step-${stepOf(insert.tokens, whole)}`);
      const origin = insert.first ? drawn.firstElementChild : null;
      const label = costLabel(insert.tokens, head);
      const text = label === "" ? insert.name : fill(texts.share, insert.name, label);
      if (origin instanceof HTMLElement && setText(origin, text)) {
        origin.title = fill(texts.open, insert.place);
        origin.setAttribute("aria-label", `${origin.title}, ${spokenCost(insert.tokens, head)}`);
      }
    });
  }

  private wishAt(target: Node, event: MouseEvent): Wish | undefined {
    const inside = target instanceof Element ? target : target.parentElement;
    const root = inside?.closest(".block");
    const block = this.drawn.findIndex((drawn) => drawn.root === root);
    const drawn = this.drawn[block];
    if (inside === null || drawn === undefined) {
      return undefined;
    }
    const run = drawn.runs.findIndex((one) => one.contains(inside));
    if (inside.closest(".copy-part") !== null) {
      return { kind: "copyPart", block };
    }
    if (inside.closest(".copy-insert") !== null) {
      return { kind: "copyInsert", block, run };
    }
    if (inside.closest(".title, .origin") !== null) {
      return { kind: "open", block, offset: lengthBefore(drawn.block.runs, Math.max(run, 0)), focus: true };
    }
    // Whoever selects text does not want to go anywhere.
    if (inside.closest(".text") === null || document.getSelection()?.isCollapsed === false) {
      return undefined;
    }
    return { kind: "open", block, offset: offsetAt(drawn, run, event), focus: false };
  }
}

function titleOf({ kind, title }: { kind: string; title: string }): string {
  switch (kind) {
    case "attached":
      return texts.attached;
    case "continued":
      return fill(texts.continued, title);
    default:
      return title === "" ? texts.loose : title;
  }
}

function drawRun({ text, insert, unresolved }: Run, words: Text): HTMLElement {
  if (unresolved !== undefined) {
    const mark = element("mark", {}, words);
    const reason = unresolved.reason === "" ? [] : [element("span", { class: "reason", text: unresolved.reason })];
    return element("span", { class: `unresolved ${unresolved.status}` }, mark, ...reason);
  }
  const run = element("span", {}, words);
  if (insert?.first === true) {
    const copy = button({ class: "copy-insert", text: texts.copy, label: fill(texts.copyPart, insert.name) });
    run.prepend(button({ class: "origin" }), ...(text.includes("\n") ? [copy] : []));
  }
  return run;
}

/** The run at an offset of a block, and the offset in it. */
function runAt(runs: Run[], offset: number): { index: number; offset: number } | undefined {
  let before = 0;
  for (const [index, { text }] of runs.entries()) {
    if (offset < before + text.length) {
      return { index, offset: offset - before };
    }
    before += text.length;
  }
  return undefined;
}

function lengthBefore(runs: Run[], run: number): number {
  return runs.slice(0, run).reduce((sum, { text }) => sum + text.length, 0);
}

/** Where in its block somebody has clicked, in code units. */
function offsetAt({ block, words }: Drawn, run: number, { clientX, clientY }: MouseEvent): number {
  const caret = document.caretPositionFromPoint(clientX, clientY);
  const clicked = words.findIndex((text) => text === caret?.offsetNode);
  if (caret === null || clicked < 0) {
    return lengthBefore(block.runs, Math.max(run, 0));
  }
  const length = block.runs[clicked]?.text.length ?? 0;
  return lengthBefore(block.runs, clicked) + Math.min(caret.offset, Math.max(length - 1, 0));
}

/** Tells whether the text is another than before. */
function setText(element: HTMLElement, text: string): boolean {
  const differs = element.textContent !== text;
  if (differs) {
    element.textContent = text;
  }
  return differs;
}

function setClass(element: HTMLElement, name: string): void {
  if (element.className !== name) {
    element.className = name;
  }
}
