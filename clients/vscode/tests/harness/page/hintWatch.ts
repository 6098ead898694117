/**
 * Runs in the editor's page: notes when the last key went down and when the line of a heading last changed its looks,
 * on the page's own clock. `window.hintWatch` is what the tests read.
 */

// The rest of the project is typed for Node; this is all that is used of the page.
interface PageNode {
  readonly textContent: string | null;
}
declare const document: {
  querySelectorAll(selector: string): Iterable<PageNode>;
  readonly body: PageNode;
  addEventListener(type: "keydown", listener: (event: { ctrlKey: boolean }) => void, capture: boolean): void;
};
declare class MutationObserver {
  constructor(listener: () => void);
  observe(node: PageNode, what: { subtree: boolean; childList: boolean; characterData: boolean }): void;
}

/** Times in milliseconds of `performance.now()`. */
export interface HintReading {
  lastKey: number;
  lastChange: number;
  /** The line as it is shown, hint included. */
  line: string | null;
  /** How often it changed after the last key. */
  changes: number;
  now: number;
}

export interface HintWatchInPage {
  start(heading: string): void;
  read(): HintReading;
}

let heading: string | undefined;
const nothing: Omit<HintReading, "now"> = { lastKey: 0, lastChange: 0, line: null, changes: 0 };
let reading = nothing;

function look(): void {
  if (heading === undefined) {
    return;
  }
  for (const node of document.querySelectorAll(".editor-instance .view-line")) {
    const line = (node.textContent ?? "").replaceAll("\u00a0", " ");
    if (line.startsWith(heading)) {
      if (line !== reading.line) {
        reading = { ...reading, line, lastChange: performance.now(), changes: reading.changes + 1 };
      }
      return;
    }
  }
}

const hintWatch: HintWatchInPage = {
  start(wanted) {
    heading = wanted;
    reading = nothing;
    look();
  },
  read: () => ({ ...reading, now: performance.now() }),
};

document.addEventListener("keydown", ({ ctrlKey }) => {
  // A key with Ctrl is a command, such as the one that asks the probe.
  if (!ctrlKey) {
    reading = { ...reading, lastKey: performance.now(), changes: 0 };
  }
}, true);
new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
Object.assign(globalThis, { hintWatch });
