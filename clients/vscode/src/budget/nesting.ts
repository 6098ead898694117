/** Which section lies in which, from the flat list of a report. */
import type { Position, Section } from "../protocol";

/** Whether `a` stands before `b`. */
export function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

/** Sections as a tree, by their places in the list; made in one pass over it. */
export class Nesting {
  /** Those that lie in no other. */
  readonly roots: number[] = [];
  /** The section around each one; -1 for none. */
  private readonly parents: Int32Array;
  private readonly inner = new Map<number, number[]>();

  /** `sections` are in document order; one holds those that begin before it ends. */
  constructor(private readonly sections: readonly Section[]) {
    this.parents = new Int32Array(sections.length).fill(-1);
    const around: { place: number; end: Position }[] = [];
    sections.forEach(({ range }, place) => {
      let outer = around.at(-1);
      while (outer !== undefined && !isBefore(range.start, outer.end)) {
        around.pop();
        outer = around.at(-1);
      }
      this.put(place, outer?.place);
      around.push({ place, end: range.end });
    });
  }

  /** The places of the sections directly below one, in document order. */
  below(place: number): readonly number[] {
    return this.inner.get(place) ?? [];
  }

  parentOf(place: number): number | undefined {
    const parent = this.parents[place] ?? -1;
    return parent < 0 ? undefined : parent;
  }

  /** The innermost section at a position; undefined where there is none. */
  at(position: Position): number | undefined {
    let low = 0;
    let high = this.sections.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const section = this.sections[middle];
      if (section !== undefined && !isBefore(position, section.range.start)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    let place: number | undefined = low > 0 ? low - 1 : undefined;
    while (place !== undefined && !this.holds(place, position)) {
      place = this.parentOf(place);
    }
    return place;
  }

  /** The end of the document belongs to its last section: the cursor often stands there. */
  private holds(place: number, position: Position): boolean {
    const end = this.sections[place]?.range.end;
    const last = this.sections.at(-1)?.range.end;
    return end !== undefined && (isBefore(position, end) || (last !== undefined && !isBefore(end, last)));
  }

  private put(place: number, parent: number | undefined): void {
    if (parent === undefined) {
      this.roots.push(place);
      return;
    }
    this.parents[place] = parent;
    const siblings = this.inner.get(parent);
    if (siblings === undefined) {
      this.inner.set(parent, [place]);
    } else {
      siblings.push(place);
    }
  }
}
