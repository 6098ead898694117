/** Where lines and characters of a file stand in a stretch of it, and the other way round. */
import type { Position } from "../protocol";

/** Walks over a stretch of a file, line by line, forwards only: all look-ups together read it once. */
export class LineWalk {
  private line: number;
  /** Where the line would begin, were all of it in the stretch. */
  private lineStart: number;
  private readonly lineBreak = /\r\n|\r|\n/g;

  /** The stretch is `text` from `start` to `end`; it begins at `position` of its file. */
  constructor(
    private readonly text: string,
    start: number,
    private readonly end: number,
    position: Position,
  ) {
    this.line = position.line;
    this.lineStart = start - position.character;
    this.lineBreak.lastIndex = start;
  }

  /** The offset of a place of the file, the stretch's end at most. Places must ascend. */
  offsetOf(place: Position): number {
    while (this.line < place.line) {
      const next = this.nextLine();
      if (next === undefined) {
        return this.end;
      }
      this.lineStart = next;
      this.line += 1;
    }
    return Math.min(this.lineStart + place.character, this.end);
  }

  /** The place in the file of an offset into the text. Offsets must ascend. */
  placeOf(offset: number): Position {
    for (;;) {
      const at = this.lineBreak.lastIndex;
      const next = this.nextLine();
      if (next === undefined || next > offset) {
        this.lineBreak.lastIndex = at;
        return { line: this.line, character: offset - this.lineStart };
      }
      this.lineStart = next;
      this.line += 1;
    }
  }

  private nextLine(): number | undefined {
    const at = this.lineBreak.lastIndex;
    const found = this.lineBreak.exec(this.text);
    if (found === null || this.lineBreak.lastIndex > this.end) {
      this.lineBreak.lastIndex = at;
      return undefined;
    }
    return this.lineBreak.lastIndex;
  }
}

/** Negative when a place comes before another, 0 when they are the same. */
export function compare(one: Position, other: Position): number {
  return one.line - other.line || one.character - other.character;
}
