/** What has changed from one list of blocks to the next. */
import { isSame } from "./blocks";
import type { Block } from "./messages";

/** Take `removed` blocks away at `from` and put `added` there. */
export interface Splice {
  from: number;
  removed: number;
  added: Block[];
}

/** Code units of text and blocks in one message to the page, which draws while it waits for the next. */
const TEXT_AT_ONCE = 262_144;
const BLOCKS_AT_ONCE = 250;

/** The splice that makes one list of another. */
export function changeBetween(before: readonly Block[], after: readonly Block[]): Splice {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && same(before[from], after[from])) {
    from += 1;
  }
  let kept = 0;
  while (kept < shorter - from && same(before[before.length - 1 - kept], after[after.length - 1 - kept])) {
    kept += 1;
  }
  return { from, removed: before.length - kept - from, added: after.slice(from, after.length - kept) };
}

function same(one: Block | undefined, other: Block | undefined): boolean {
  return one !== undefined && other !== undefined && isSame(one, other);
}

/** A splice as several small ones, to be applied one after another; always one at least. */
export function inSteps({ from, removed, added }: Splice): Splice[] {
  const steps: Splice[] = [{ from, removed, added: [] }];
  let text = 0;
  let at = from;
  for (const block of added) {
    const size = block.runs.reduce((sum, run) => sum + run.text.length, 0);
    let step = steps.at(-1);
    if (step === undefined || step.added.length >= BLOCKS_AT_ONCE || (text + size > TEXT_AT_ONCE && text > 0)) {
      step = { from: at, removed: 0, added: [] };
      steps.push(step);
      text = 0;
    }
    step.added.push(block);
    text += size;
    at += 1;
  }
  return steps;
}
