/** Offsets in code points, as the server gives them, as offsets in code units, as strings have them. */

const HIGH_SURROGATE = /[\uD800-\uDBFF]/;

/** Follows a text from its beginning; asked for ascending offsets it reads the text once. */
export class CodeUnits {
  private points = 0;
  private units = 0;
  private readonly plain: boolean;

  constructor(private readonly text: string) {
    this.plain = !HIGH_SURROGATE.test(text);
  }

  /** The code units before so many code points; no more than the text has. */
  before(points: number): number {
    if (this.plain) {
      return Math.min(points, this.text.length);
    }
    if (points < this.points) {
      this.points = 0;
      this.units = 0;
    }
    while (this.points < points && this.units < this.text.length) {
      this.units += (this.text.codePointAt(this.units) ?? 0) > 0xffff ? 2 : 1;
      this.points += 1;
    }
    return this.units;
  }
}
