/** The page's strings, and figures as it writes them. */
import { count } from "../../figures";
import { shareLabel } from "../costScale";
import type { Head } from "../messages";
import type { PageTexts } from "../pageTexts";

/** The strings that the extension has put on the page. */
export const texts = JSON.parse(document.body.dataset["texts"] ?? "{}") as PageTexts;

/** `{0}` and so on replaced. */
export function fill(template: string, ...values: (string | number)[]): string {
  return template.replace(/\{(\d)\}/g, (found, index: string) => String(values[Number(index)] ?? found));
}

/** `1,204 tok`, `≈1,480 tok`; `counting…` where it is not known. */
export function tokensLabel(tokens: number | null, head: Pick<Head, "factor" | "exact">): string {
  return tokens === null ? texts.counting : fill(texts.tokens, figure(tokens, head));
}

/** `1,204 tok · 12 %` */
export function costLabel(tokens: number | null, head: Head | null): string {
  const whole = head?.tokens ?? null;
  return tokens === null || whole === null || head === null
    ? ""
    : fill(texts.share, tokensLabel(tokens, head), shareLabel(tokens, whole));
}

/** The same for a screen reader: `1,204 tokens, 12 % of the prompt`. */
export function spokenCost(tokens: number | null, head: Head | null): string {
  const whole = head?.tokens ?? null;
  return tokens === null || whole === null || head === null
    ? ""
    : fill(texts.spokenShare, figure(tokens, head), shareLabel(tokens, whole));
}

function figure(tokens: number, { factor, exact }: Pick<Head, "factor" | "exact">): string {
  return `${exact ? "" : "≈"}${count(Math.round(tokens * factor))}`;
}
