/** Work that is asked for more often than it can be done. */

export interface Pace {
  /** Milliseconds to wait for more requests before the work begins. */
  delay: number;
  /** Pause after the work, as a multiple of the time that it took. */
  rest: number;
}

/** Milliseconds of pause at most. */
const REST_MAX = 30_000;

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
  ) {}

  /** Have it done soon. */
  ask(): void {
    this.isAsked = true;
    if (this.isRunning || this.isDisposed || this.timer !== undefined) {
      return;
    }
    const wait = Math.max(this.pace.delay, this.restUntil - performance.now());
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
    const start = performance.now();
    try {
      await this.work();
    } finally {
      const end = performance.now();
      this.restUntil = end + Math.min((end - start) * this.pace.rest, REST_MAX);
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
