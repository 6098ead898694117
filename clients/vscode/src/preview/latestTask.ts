/** Work that is wanted again and again: one at a time, and only the newest wish waits. */

/** Milliseconds that a rest lasts at most. */
const LONGEST_REST = 5_000;

/** After each run it rests as long as that took, so that large prompts do not keep the server busy. */
export class LatestTask {
  private running = false;
  private wanted = false;
  private disposed = false;
  private timer: NodeJS.Timeout | undefined;

  /** `work` must not throw. */
  constructor(
    private readonly work: () => Promise<void>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Run the work now, or once more when it has run and rested. */
  request(): void {
    if (this.disposed) {
      return;
    }
    this.wanted = true;
    if (!this.running && this.timer === undefined) {
      void this.run();
    }
  }

  /** Run the work as soon as possible, without a rest: somebody waits for something else. */
  hurry(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.request();
  }

  private async run(): Promise<void> {
    this.wanted = false;
    this.running = true;
    const began = this.now();
    try {
      await this.work();
    } finally {
      this.running = false;
    }
    if (this.disposed) {
      return;
    }
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.wanted) {
        void this.run();
      }
    }, Math.min(this.now() - began, LONGEST_REST));
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
  }
}
