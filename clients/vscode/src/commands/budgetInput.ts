/** A budget as a person writes it: tokens, or a share of the model's window. */

/** The server's own limits. */
export const MOST_TOKENS = 1_000_000_000_000;
export const MOST_PERCENT = 1000;

export type BudgetReading =
  | { kind: "tokens"; tokens: number; setting: number }
  | { kind: "share"; share: number; setting: string }
  | { kind: "wrong"; reason: "form" | "nothing" | "too-much" };

const SHARE = /^([0-9]{1,4}(?:[.,][0-9]{1,6})?)\s*%$/;
const PLAIN = /^[0-9]{1,13}$/;
/** Digits in groups of three, with the same separator between all of them. */
const GROUPED = /^[0-9]{1,3}([ ,._'’\u00a0\u2009\u202f])[0-9]{3}(?:\1[0-9]{3})*$/;

/** Read `2000`, `2,000`, `2 000` or `60 %`; `setting` is how settings and directives write it. */
export function readBudget(written: string): BudgetReading {
  const text = written.trim();
  const share = SHARE.exec(text)?.[1];
  if (share !== undefined) {
    const percent = Number(share.replace(",", "."));
    if (percent === 0 || percent > MOST_PERCENT) {
      return { kind: "wrong", reason: percent === 0 ? "nothing" : "too-much" };
    }
    return { kind: "share", share: percent / 100, setting: `${percent}%` };
  }
  if (!PLAIN.test(text) && !GROUPED.test(text)) {
    return { kind: "wrong", reason: "form" };
  }
  const tokens = Number(text.replace(/[^0-9]/g, ""));
  if (tokens === 0 || tokens > MOST_TOKENS) {
    return { kind: "wrong", reason: tokens === 0 ? "nothing" : "too-much" };
  }
  return { kind: "tokens", tokens, setting: tokens };
}
