/** A rendered prompt taken apart: its sections, what comes from elsewhere, and what was not resolved. */
import type { Position, Range, Reference, ReferenceStatus, Rendering, Report, Segment } from "../protocol";
import { CodeUnits } from "./codeUnits";
import { compare, LineWalk } from "./linePlaces";
import { ownSentTokens, runAt, type SectionRun, sectionRuns } from "./sectionRuns";

/** Text from one place. Offsets here and below count code units of the rendered text. */
export interface Stretch {
  start: number;
  end: number;
  /** Null where it is from no file: a value, an answer, or what is put between contents. */
  uri: string | null;
  /** Null for what is put between contents. */
  range: Range | null;
  tokens: number | null;
}

/** Text that a reference brings in. */
export interface Insert {
  start: number;
  end: number;
  uri: string | null;
  /** What names it in the document, where that can be told. */
  reference: Reference | undefined;
  tokens: number | null;
}

/** A reference that stays as it is written. */
export interface Unresolved {
  start: number;
  end: number;
  status: ReferenceStatus;
  message: string | null;
}

/** What is shown under one heading of the preview. */
export interface Part {
  /** `continued`: the section goes on behind a subsection; `loose`: outside of all sections. */
  kind: "section" | "continued" | "attached" | "loose";
  /** Of the section; "" where there is none. */
  title: string;
  start: number;
  end: number;
  /** What it costs with what it brings in and without its subsections; null where that is not known. */
  tokens: number | null;
  inserts: Insert[];
  unresolved: Unresolved[];
}

export interface RenderedPrompt {
  uri: string;
  text: string;
  stretches: Stretch[];
  parts: Part[];
}

/** What stands before each content that is attached. */
const ATTACHED = "\n\n";
const START: Position = { line: 0, character: 0 };

/** Text of a file, with the range in it. */
export type PlacedStretch = Stretch & { uri: string; range: Range };

/** Whether text stands in a document, and where. */
export function isOwn(stretch: Stretch, uri: string): stretch is PlacedStretch {
  return stretch.uri === uri && stretch.range !== null;
}

/** Take a rendering apart. Both answers must be of the same version of the document. */
export function takeApart(rendering: Rendering, report: Pick<Report, "sections" | "references">): RenderedPrompt {
  const stretches = stretchesOf(rendering.text, rendering.segments);
  const { uri, text } = rendering;
  return { uri, text, stretches, parts: new Parts(rendering, stretches, report).made() };
}

/** The segments with offsets in code units; empty ones are left out. */
export function stretchesOf(text: string, segments: readonly Segment[]): Stretch[] {
  const units = new CodeUnits(text);
  return segments
    .map((segment) => ({ ...segment, start: units.before(segment.start), end: units.before(segment.end) }))
    .filter(({ start, end }) => end > start);
}

class Parts {
  private readonly parts: Part[] = [];
  private readonly runs: SectionRun[];
  private readonly tokens: ReturnType<typeof ownSentTokens>;
  private readonly references: Reference[];
  /** References before it have been met. */
  private nextReference = 0;
  private run = -2;

  constructor(
    private readonly rendering: Rendering,
    private readonly stretches: readonly Stretch[],
    report: Pick<Report, "sections" | "references">,
  ) {
    this.runs = sectionRuns(report.sections);
    this.tokens = ownSentTokens(report.sections);
    this.references = [...report.references].sort((one, other) => compare(one.range.start, other.range.start));
  }

  made(): Part[] {
    const own = this.stretches.filter((stretch) => isOwn(stretch, this.rendering.uri));
    let next = 0;
    let attached = false;
    for (const stretch of this.stretches) {
      if (isOwn(stretch, this.rendering.uri)) {
        next += 1;
        this.addOwn(stretch);
        continue;
      }
      const before = own[next - 1]?.range.end ?? START;
      const after = own[next]?.range.start;
      if (after === undefined && stretch.range === null && this.textOf(stretch) === ATTACHED) {
        attached = true;
        this.begin("attached", "", stretch.start, 0);
      } else if (!attached) {
        this.enterAt(before, after, stretch.start);
      }
      this.addInsert(stretch, before, attached);
    }
    return this.parts;
  }

  private textOf({ start, end }: Stretch): string {
    return this.rendering.text.slice(start, end);
  }

  /** Own text is cut where sections begin, and what is not resolved in it is marked. */
  private addOwn(stretch: PlacedStretch): void {
    const { start, end } = stretch.range;
    const walk = new LineWalk(this.rendering.text, stretch.start, stretch.end, start);
    this.enter(runAt(this.runs, start.line), stretch.start);
    for (let next = this.runs[this.run + 1]; ; next = this.runs[this.run + 1]) {
      const cut = next !== undefined && compare({ line: next.line, character: 0 }, end) < 0 ? next.line : undefined;
      this.markUnresolved(walk, cut === undefined ? end : { line: cut, character: 0 }, start);
      const offset = cut === undefined ? stretch.end : walk.offsetOf({ line: cut, character: 0 });
      this.grow(offset);
      if (cut === undefined) {
        return;
      }
      this.enter(this.run + 1, offset);
    }
  }

  private markUnresolved(walk: LineWalk, end: Position, start: Position): void {
    for (let next = this.references[this.nextReference]; next !== undefined; next = this.references[this.nextReference]) {
      if (compare(next.range.end, end) > 0) {
        return;
      }
      this.nextReference += 1;
      if (compare(next.range.start, start) >= 0 && next.status !== "resolved" && next.status !== "stale") {
        const from = walk.offsetOf(next.range.start);
        const { status, message } = next;
        this.parts.at(-1)?.unresolved.push({ start: from, end: walk.offsetOf(next.range.end), status, message });
      }
    }
  }

  /** Go to the section of a reference that stands between two places of own text. */
  private enterAt(before: Position, after: Position | undefined, offset: number): void {
    const last = this.runs.length - 1;
    const untouched = this.parts.length === 0;
    const run = after !== undefined ? runAt(this.runs, after.line) : untouched ? last : runAt(this.runs, before.line);
    this.enter(Math.max(run, this.run), offset);
  }

  private enter(run: number, offset: number): void {
    if (run === this.run) {
      return;
    }
    this.run = run;
    const found = this.runs[run];
    const section = found?.section;
    if (found === undefined || section === undefined) {
      this.begin("loose", "", offset, null);
    } else {
      const tokens = this.tokens.get(section) ?? null;
      this.begin(found.first ? "section" : "continued", section.title, offset, tokens);
    }
  }

  private begin(kind: Part["kind"], title: string, start: number, tokens: number | null): void {
    if (this.parts.at(-1)?.end === this.parts.at(-1)?.start) {
      this.parts.pop();
    }
    this.parts.push({ kind, title, start, end: start, tokens, inserts: [], unresolved: [] });
  }

  private grow(end: number): void {
    const part = this.parts.at(-1);
    if (part !== undefined) {
      part.end = end;
    }
  }

  private addInsert(stretch: Stretch, before: Position, attached: boolean): void {
    const part = this.parts.at(-1);
    if (part === undefined) {
      return;
    }
    part.end = stretch.end;
    if (attached && stretch.range !== null) {
      // The blank line before it mostly makes one token with the end of the line that stands there.
      part.tokens = part.tokens === null || stretch.tokens === null ? null : part.tokens + stretch.tokens;
    }
    const last = part.inserts.at(-1);
    if (stretch.range !== null) {
      const { start, end, uri, tokens } = stretch;
      part.inserts.push({ start, end, uri, tokens, reference: attached ? undefined : this.referenceAfter(before, uri) });
    } else if (last?.end === stretch.start) {
      last.end = stretch.end; // what is put between two contents belongs to the first
    }
  }

  /** The reference behind a place that brings in text from a file, or (null) from elsewhere. */
  private referenceAfter(before: Position, uri: string | null): Reference | undefined {
    let at = this.nextReference;
    for (let next = this.references[at]; next?.range.start.line === before.line; next = this.references[(at += 1)]) {
      if (compare(next.range.start, before) >= 0 && next.resolvedUri === uri) {
        if (uri === null) {
          this.nextReference = at + 1;
        }
        return next;
      }
    }
    return undefined;
  }
}
