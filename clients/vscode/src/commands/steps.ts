/** Questions in several steps, with a way back. */

/** The answer of somebody who wants to go back one step. */
export const BACK = Symbol("back");

/** One question. Gives the next one, BACK, or undefined when all is done or was left. */
export type Step = (mayGoBack: boolean) => Promise<Step | typeof BACK | undefined>;

/** Ask from a first question on; BACK asks the one before again. */
export async function runSteps(first: Step): Promise<void> {
  const taken = [first];
  for (let step = taken.at(-1); step !== undefined; step = taken.at(-1)) {
    const next = await step(taken.length > 1);
    if (next === undefined) {
      return;
    }
    if (next === BACK) {
      taken.pop();
    } else {
      taken.push(next);
    }
  }
}
