import * as assert from "node:assert/strict";
import { Backoff, MOST_STOPS } from "../../../src/client/backoff";

/** Delays of stops at these seconds. */
function delays(seconds: number[]): (number | undefined)[] {
  let now = 0;
  const backoff = new Backoff(() => now * 1000);
  return seconds.map((second) => {
    now = second;
    return backoff.next();
  });
}

suite("backoff", () => {
  const check = (name: string, seconds: number[], expected: (number | undefined)[]): void => {
    test(name, () => {
      assert.deepEqual(delays(seconds), expected);
    });
  };
  check("doubles, and gives up at the fifth stop", [0, 1, 2, 3, 4], [250, 500, 1000, 2000, undefined]);
  check("forgets what is three minutes old", [0, 1, 200, 201], [250, 500, 250, 500]);
  check("stops far apart never add up", [0, 181, 362, 543, 724, 905], [250, 250, 250, 250, 250, 250]);

  test("a restart by hand forgets them", () => {
    const backoff = new Backoff(() => 0);
    for (let stop = 0; stop < MOST_STOPS; stop += 1) {
      backoff.next();
    }
    backoff.reset();
    assert.equal(backoff.next(), 250);
  });
});
