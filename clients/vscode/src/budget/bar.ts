/** Shares drawn with block characters. */

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of `cells` characters, filled to an eighth of a cell: `███▌░░░░`. More than all of it is full. */
export function bar(share: number, cells = 8): string {
  const whole = cells * 8;
  const filled = Math.round(Math.min(Math.max(share, 0), 1) * whole);
  // What costs something is seen to, and only what is all of it looks full.
  const eighths = share > 0 && share < 1 ? Math.min(Math.max(filled, 1), whole - 1) : filled;
  const drawn = "█".repeat(eighths >> 3) + (EIGHTHS[eighths & 7] ?? "");
  return drawn.padEnd(cells, "░");
}
