/** Work that is asked for more often than it can be done. */

export interface Pace {
  /** Milliseconds to wait for more requests before the work begins; undefined: it begins at once. */
  delay?: number;
  /** Pause after the work, as a multiple of the time that it took. */
  rest: number;
  /** Milliseconds of that pause at most. */
  longestRest: number;
}

/**
 * Does one thing at a time: however often it is asked for meanwhile, it is done once more
 * afterwards. What takes long is done less often.
 */
export class RepeatedWork {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isRunning = false;
  private isAsked = false;
  private isDisposed = false;
  private restUntil = 0;
  private isUrgent = false;

  /** `work` handles its own errors. */
  constructor(
    private readonly work: () => Promise<void>,
    private readonly pace: Pace,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Have it done soon. */
  ask(): void {
    this.isAsked = true;
    if (this.isRunning || this.isDisposed || this.timer !== undefined) {
      return;
    }
    const wait = Math.max(this.pace.delay ?? 0, this.restUntil - this.now());
    if (wait <= 0 && this.pace.delay === undefined) {
      void this.run();
      return;
    }
    this.timer = setTimeout(() => void this.run(), wait);
  }

  /** Have it done without a pause: something else is to be looked at now. */
  askNow(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.isAsked = true;
    this.isUrgent = true;
    if (!this.isRunning && !this.isDisposed) {
      void this.run();
    }
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.timer);
  }

  private async run(): Promise<void> {
    this.timer = undefined;
    this.isRunning = true;
    this.isAsked = false;
    this.isUrgent = false;
    const start = this.now();
    try {
      await this.work();
    } finally {
      const end = this.now();
      this.restUntil = end + Math.min((end - start) * this.pace.rest, this.pace.longestRest);
      this.isRunning = false;
    }
    this.goOn();
  }

  /** What was asked for while it ran. */
  private goOn(): void {
    if (this.isUrgent) {
      this.askNow();
    } else if (this.isAsked) {
      this.ask();
    }
  }
}
