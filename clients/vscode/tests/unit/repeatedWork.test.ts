import { deepEqual, equal } from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { RepeatedWork } from "../../src/repeatedWork";

/** Work that goes on until it is told to end. */
class Steps {
  runs = 0;
  active = 0;
  mostActive = 0;
  private finish: (() => void) | undefined;
  private began: (() => void) | undefined;

  readonly run = async (): Promise<void> => {
    this.runs += 1;
    this.active += 1;
    this.mostActive = Math.max(this.mostActive, this.active);
    const finished = new Promise<void>((resolve) => (this.finish = resolve));
    this.began?.();
    await finished;
    this.active -= 1;
  };

  async begun(): Promise<void> {
    if (this.active === 0) {
      await new Promise<void>((resolve) => (this.began = resolve));
    }
  }

  end(): void {
    this.finish?.();
  }
}

suite("repeated work", () => {
  for (const way of ["ask", "askNow"] as const) {
    test(`is done once more for all that ${way} meanwhile`, async () => {
      const steps = new Steps();
      const work = new RepeatedWork(steps.run, { delay: 0, rest: 0, longestRest: 0 });
      work[way]();
      await steps.begun();
      work[way]();
      work[way]();
      steps.end();
      await pause(0);
      await steps.begun();
      steps.end();
      await pause(20);
      deepEqual([steps.runs, steps.mostActive], [2, 1]);
    });
  }

  test("takes requests together that come before it begins", async () => {
    const steps = new Steps();
    const work = new RepeatedWork(steps.run, { delay: 1, rest: 0, longestRest: 0 });
    work.ask();
    work.ask();
    await steps.begun();
    steps.end();
    await pause(20);
    equal(steps.runs, 1);
  });

  test("can be hurried while it waits", async () => {
    const steps = new Steps();
    const work = new RepeatedWork(steps.run, { delay: 1_000_000, rest: 0, longestRest: 0 });
    work.ask();
    work.askNow();
    await steps.begun();
    steps.end();
    equal(steps.runs, 1);
    work.dispose();
  });

  test("is done no more once disposed of", async () => {
    const steps = new Steps();
    const work = new RepeatedWork(steps.run, { delay: 0, rest: 0, longestRest: 0 });
    work.ask();
    work.dispose();
    work.ask();
    work.askNow();
    await pause(20);
    equal(steps.runs, 0);
  });
});
