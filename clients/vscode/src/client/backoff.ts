/** How long to wait before a server that stopped is started again, and when to give up. */

/** Milliseconds; stops within this time of each other add up. */
const WINDOW = 180_000;
const FIRST_DELAY = 250;
const LONGEST_DELAY = 10_000;
/** After so many stops within the window nothing is tried any more. */
export const MOST_STOPS = 5;

export class Backoff {
  private stops: number[] = [];

  constructor(private readonly now: () => number = Date.now) {}

  /** Note a stop. Milliseconds to wait, doubled from stop to stop, or undefined to give up. */
  next(): number | undefined {
    const now = this.now();
    this.stops = [...this.stops.filter((stop) => now - stop < WINDOW), now];
    if (this.stops.length >= MOST_STOPS) {
      return undefined;
    }
    return Math.min(FIRST_DELAY * 2 ** (this.stops.length - 1), LONGEST_DELAY);
  }

  /** Forget the stops: somebody has restarted the server. */
  reset(): void {
    this.stops = [];
  }
}
