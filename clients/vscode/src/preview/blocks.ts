/** A rendered prompt in blocks of some kilobytes: what the page draws, and what is sent again when it changes. */
import type { Block, Run } from "./messages";
import type { Insert, Part, RenderedPrompt, Unresolved } from "./parts";

/** Code units after which a block ends where it may. */
const SMALLEST = 4_096;
/** Code units after which it ends at the end of a line. */
const LARGE = 16_384;
/** Code units after which it ends inside of a line. */
const LARGEST = 65_536;
/** One line in so many, told by its text, may end a block. */
const ONE_LINE_IN = 8;

/** Blocks, with what leads from them back to the prompt. */
export interface BlockList {
  blocks: Block[];
  /** Where each block begins, in code units of the prompt. */
  starts: number[];
  /** The part that each block belongs to. */
  parts: number[];
}

/** The names that a reader sees. */
export interface Naming {
  /** A short name, and where it is in full. */
  origin: (insert: Insert) => { name: string; place: string };
  /** What became of a reference, and why. */
  unresolved: (reference: Unresolved) => string;
}

/** All blocks of a prompt. */
export function blocksOf(prompt: RenderedPrompt, naming: Naming): BlockList {
  const list: BlockList = { blocks: [], starts: [], parts: [] };
  prompt.parts.forEach((part, index) => {
    const runs = new Runs(prompt.text, part, naming);
    for (let start = part.start; start < part.end; ) {
      const end = blockEnd(prompt.text, start, part.end);
      const head = start === part.start ? { head: { kind: part.kind, title: part.title } } : {};
      list.blocks.push({ ...head, tokens: part.tokens, runs: runs.upTo(end) });
      list.starts.push(start);
      list.parts.push(index);
      start = end;
    }
  });
  return list;
}

/** How many blocks hold so much text; one block at least. */
export function blocksWithin(list: BlockList, characters: number, blocks: number): number {
  const beyond = list.starts.findIndex((start) => start >= characters);
  return Math.min(Math.max(beyond < 0 ? list.blocks.length : beyond, 1), blocks, list.blocks.length);
}

/**
 * Where a block ends that begins at `start`.
 *
 * Ends depend on the text just before them, so that an edit moves only the ends near it.
 */
export function blockEnd(text: string, start: number, end: number): number {
  if (end - start <= SMALLEST) {
    return end;
  }
  let lineEnd = text.indexOf("\n", start + SMALLEST - 1) + 1;
  while (lineEnd > 0 && lineEnd < end && lineEnd - start < LARGE && !mayEnd(text, lineEnd)) {
    lineEnd = text.indexOf("\n", lineEnd) + 1;
  }
  if (lineEnd > 0 && lineEnd <= end && lineEnd - start <= LARGEST) {
    return lineEnd;
  }
  if (end - start <= LARGEST) {
    return end;
  }
  const inside = start + LARGEST;
  return inside - (isHighSurrogate(text.charCodeAt(inside - 1)) ? 1 : 0);
}

function mayEnd(text: string, lineEnd: number): boolean {
  let sum = 0;
  for (let at = Math.max(lineEnd - 96, 0); at < lineEnd; at += 1) {
    sum += text.charCodeAt(at);
  }
  return sum % ONE_LINE_IN === 0;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

/** Whether two blocks look the same. */
export function isSame(one: Block, other: Block): boolean {
  return (
    one.tokens === other.tokens &&
    one.head?.kind === other.head?.kind &&
    one.head?.title === other.head?.title &&
    one.runs.length === other.runs.length &&
    one.runs.every((run, index) => isSameRun(run, other.runs[index]))
  );
}

function isSameRun(one: Run, other: Run | undefined): boolean {
  return (
    one.text === other?.text &&
    one.unresolved?.status === other.unresolved?.status &&
    one.unresolved?.reason === other.unresolved?.reason &&
    one.insert?.name === other.insert?.name &&
    one.insert?.place === other.insert?.place &&
    one.insert?.tokens === other.insert?.tokens &&
    one.insert?.first === other.insert?.first
  );
}

/** The runs of a part, taken from its beginning to its end. */
class Runs {
  private at: number;
  private nextInsert = 0;
  private nextUnresolved = 0;

  constructor(
    private readonly text: string,
    private readonly part: Part,
    private readonly naming: Naming,
  ) {
    this.at = part.start;
  }

  upTo(end: number): Run[] {
    const runs: Run[] = [];
    while (this.at < end) {
      const insert = this.part.inserts[this.nextInsert];
      const unresolved = this.part.unresolved[this.nextUnresolved];
      if (insert !== undefined && insert.start <= this.at) {
        const { name, place } = this.naming.origin(insert);
        const first = insert.start === this.at;
        runs.push({ text: this.take(insert.end, end), insert: { name, place, tokens: insert.tokens, first } });
        this.nextInsert += this.at === insert.end ? 1 : 0;
      } else if (unresolved !== undefined && unresolved.start <= this.at) {
        const { status } = unresolved;
        const text = this.take(unresolved.end, end);
        const done = this.at === unresolved.end;
        runs.push({ text, unresolved: { status, reason: done ? this.naming.unresolved(unresolved) : "" } });
        this.nextUnresolved += done ? 1 : 0;
      } else {
        runs.push({ text: this.take(Math.min(insert?.start ?? end, unresolved?.start ?? end), end) });
      }
    }
    return runs;
  }

  private take(to: number, end: number): string {
    const from = this.at;
    this.at = Math.min(to, end);
    return this.text.slice(from, this.at);
  }
}

