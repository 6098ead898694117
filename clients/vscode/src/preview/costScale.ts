/** Five steps of what a part costs of the whole; each has a colour, and a text beside it. */
import { percent } from "../figures";

/** The shares from which on the steps after the first begin. */
const BOUNDS = [0.02, 0.05, 0.1, 0.25];

/** 1 to 5; 0 where the cost is not known. */
export function stepOf(tokens: number | null, whole: number | null): number {
  if (tokens === null || whole === null || whole <= 0) {
    return 0;
  }
  return 1 + BOUNDS.filter((bound) => tokens >= bound * whole).length;
}

/** The legend, a label for each step: `< 2 %`, `2 % – 5 %` … `≥ 25 %`. */
export function stepLabels(): string[] {
  const bounds = BOUNDS.map(percent);
  return [
    `< ${bounds[0] ?? ""}`,
    ...bounds.slice(1).map((bound, index) => `${bounds[index] ?? ""} – ${bound}`),
    `≥ ${bounds.at(-1) ?? ""}`,
  ];
}

/** `12 %` of the whole; `< 1 %` where that would round to nothing. */
export function shareLabel(tokens: number, whole: number): string {
  const share = whole > 0 ? tokens / whole : 0;
  return tokens > 0 && share < 0.01 ? "< 1 %" : percent(share);
}
