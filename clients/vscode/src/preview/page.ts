/** The extension's end of the page: remembers what the page shows, and sends what has changed. */
import type { Webview } from "vscode";
import { blocksWithin, type BlockList } from "./blocks";
import { changeBetween, inSteps } from "./changes";
import type { Block, Head, HostMessage, Status } from "./messages";

/** Code units and blocks that are shown at first, and that `more` adds. */
export const SHOWN_CHARACTERS = 12_000_000;
export const SHOWN_BLOCKS = 20_000;

const NO_BLOCKS: BlockList = { blocks: [], starts: [], parts: [] };

export class Page {
  private list = NO_BLOCKS;
  private shown: readonly Block[] = [];
  private shares = 1;
  private revision = 0;
  private lastCursor = "";
  private cursorRevision = 0;

  constructor(private readonly webview: Pick<Webview, "postMessage">) {}

  /** The page has been loaded: it shows nothing. */
  reset(): void {
    this.shown = [];
    this.lastCursor = "";
  }

  /** Show a prompt; undefined: nothing. `head` is given what stays hidden. */
  show(list: BlockList | undefined, head: (hidden: Head["hidden"]) => Head | null): void {
    this.list = list ?? NO_BLOCKS;
    const { blocks, starts } = this.list;
    const number = blocksWithin(this.list, SHOWN_CHARACTERS * this.shares, SHOWN_BLOCKS * this.shares);
    const end = starts[number];
    const hidden = end === undefined ? null : this.hiddenFrom(number, end);
    this.post({ type: "head", head: head(hidden) });
    const after = blocks.slice(0, number);
    const steps = inSteps(changeBetween(this.shown, after));
    this.shown = after;
    this.revision += 1;
    steps.forEach((step, index) => {
      this.post({ type: "blocks", revision: this.revision, ...step, last: index === steps.length - 1 });
    });
  }

  private hiddenFrom(block: number, end: number): Head["hidden"] {
    const last = this.list.blocks.at(-1);
    const runs = last?.runs ?? [];
    const length = (this.list.starts.at(-1) ?? 0) + runs.reduce((sum, run) => sum + run.text.length, 0);
    const { parts } = this.list;
    return { parts: (parts.at(-1) ?? 0) - (parts[block - 1] ?? 0), characters: length - end };
  }

  /** Show more of a very large prompt the next time. */
  more(): void {
    this.shares += 1;
  }

  /** Show less again: another document. */
  less(): void {
    this.shares = 1;
  }

  /** Mark what is under the editor's cursor; undefined: nothing. */
  cursor(offset: number | undefined, scroll: boolean): void {
    const block = offset === undefined ? -1 : blockAt(this.list.starts, offset);
    const found = block >= 0 && block < this.shown.length;
    const inside = found && offset !== undefined ? offset - (this.list.starts[block] ?? 0) : 0;
    const key = found ? `${block}/${inside}` : "";
    if (key === this.lastCursor && this.cursorRevision === this.revision) {
      return;
    }
    this.post({
      type: "cursor",
      revision: this.revision,
      block: found ? block : null,
      offset: inside,
      scroll: scroll && key !== this.lastCursor,
    });
    this.lastCursor = key;
    this.cursorRevision = this.revision;
  }

  /** The part that a block of the page belongs to; undefined when the page shows something else by now. */
  partOf(revision: number, block: number): number | undefined {
    return revision === this.revision && block < this.shown.length ? this.list.parts[block] : undefined;
  }

  /** Where in the prompt a place in a block is; undefined as in `partOf`. */
  offsetOf(revision: number, block: number, offset: number): number | undefined {
    const start = this.partOf(revision, block) === undefined ? undefined : this.list.starts[block];
    return start === undefined ? undefined : start + offset;
  }

  /** Where in the prompt a run of a block begins; undefined as in `partOf`. */
  offsetOfRun(revision: number, block: number, run: number): number | undefined {
    const runs = this.list.blocks[block]?.runs.slice(0, run) ?? [];
    return this.offsetOf(revision, block, runs.reduce((sum, { text }) => sum + text.length, 0));
  }

  status(status: Status | null): void {
    this.post({ type: "status", status });
  }

  post(message: HostMessage): void {
    void this.webview.postMessage(message);
  }
}

/** The last block that begins at an offset or before it; -1 for none. */
function blockAt(starts: readonly number[], offset: number): number {
  const after = starts.findIndex((start) => start > offset);
  return after < 0 ? starts.length - 1 : after - 1;
}
