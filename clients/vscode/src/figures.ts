/** How figures are written, the same as in the server's hints. */
import type { Budget, Figures } from "./protocol";

const GROUPED = new Intl.NumberFormat("en-US");

/** `1,234` */
export function count(tokens: number): string {
  return GROUPED.format(tokens);
}

/** `61 %` of a share of 0.613; rounded down, so that 100 % is said only when it is reached. */
export function percent(share: number): string {
  return `${GROUPED.format(Math.floor(share * 100 + 1e-9))} %`;
}

/** `61 % of 2,000` */
export function shareOf(budget: Budget): string {
  return `${percent(budget.used / budget.limit)} of ${count(budget.limit)}`;
}

/** `≈` where a figure is not exact. */
export function approximately(figures: Pick<Figures, "accuracy">): string {
  return figures.accuracy === "exact" ? "" : "≈";
}
