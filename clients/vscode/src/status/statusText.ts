/** The status bar item's words: what stands in it, and the sentences that a screen reader says. */
import { l10n } from "vscode";
import { approximately, count, percent, shareOf } from "../figures";
import type { Budget, Summary } from "../protocol";

export type Level = "none" | "warning" | "error";

export interface StatusText {
  /** With icons: `$(warning) 1,234 tok · 85 % of 2,000`. */
  text: string;
  level: Level;
  /** The same in full sentences, without icons. */
  sentence: string;
}

/** Tokens as the model counts them: the likely ones where its tokenizer is not public. */
export interface ModelTokens {
  own: number;
  /** Null while anything is pending. */
  sent: number | null;
}

/** What a summary says in tokens of its model; undefined before the first count. */
export function modelTokens({ tokens, expandedTokens, estimate }: Summary): ModelTokens | undefined {
  if (tokens === null) {
    return undefined;
  }
  if (estimate === null || expandedTokens === null) {
    return { own: tokens, sent: expandedTokens };
  }
  // The estimate is of what is sent.
  const ratio = expandedTokens === 0 ? 1 : estimate.likely / expandedTokens;
  const own = expandedTokens === tokens ? estimate.likely : Math.round(tokens * ratio);
  return { own, sent: estimate.likely };
}

/** How a budget stands: `warning` from the share `warnAt` on, `error` when all of it is used. */
export function levelOf(budget: Budget | null, warnAt: number): Level {
  if (budget === null) {
    return "none";
  }
  if (budget.used >= budget.limit) {
    return "error";
  }
  // 0.29 of 100 is 29, though 0.29 * 100 is 28.999999999999996.
  return budget.used >= Math.ceil(warnAt * budget.limit - 1e-6) ? "warning" : "none";
}

/**
 * What stands in the status bar for a document.
 *
 * @param last - What was known of the same document before; its figures stay while new ones are counted.
 * @param busy - Whether more is under way than the summary tells of, such as a start of the server.
 */
export function figuresText(summary: Summary, last?: Summary, busy = false): StatusText {
  const known = summary.tokens === null && last !== undefined ? last : summary;
  const tokens = modelTokens(known);
  const waits = busy || summary.tokens === null || summary.pending > 0;
  const spinner = waits ? "$(sync~spin) " : "";
  if (tokens === undefined) {
    const sentence = l10n.t("The tokens of this document are being counted.");
    return { text: `${spinner}${l10n.t("counting…")}`, level: "none", sentence };
  }
  const level = levelOf(known.budget, known.warnAt);
  const icon = level === "none" ? "" : `$(${level}) `;
  const sent = tokens.sent === null || tokens.sent === tokens.own ? "" : ` → ${count(tokens.sent)}`;
  const budget = known.budget === null ? "" : ` · ${shareOf(known.budget)}`;
  return {
    text: `${spinner}${icon}${approximately(known)}${count(tokens.own)}${sent} tok${budget}`,
    level,
    sentence: sentences(known, tokens, summary, busy).join(" "),
  };
}

function sentences(known: Summary, tokens: ModelTokens, now: Summary, busy: boolean): string[] {
  const own = count(tokens.own);
  const said = [
    known.accuracy === "exact" ? l10n.t("{0} tokens.", own) : l10n.t("About {0} tokens.", own),
  ];
  if (tokens.sent !== null && tokens.sent !== tokens.own) {
    said.push(l10n.t("{0} tokens as sent.", count(tokens.sent)));
  }
  if (known.budget !== null) {
    said.push(budgetSentence(known.budget, known.warnAt));
  }
  if (now.pending === 1) {
    said.push(l10n.t("One reference is being looked up."));
  } else if (now.pending > 1) {
    said.push(l10n.t("{0} references are being looked up.", count(now.pending)));
  } else if (now.tokens === null) {
    said.push(l10n.t("It is being counted again."));
  }
  if (busy) {
    said.push(l10n.t("The promptls server is starting."));
  }
  return said;
}

function budgetSentence(budget: Budget, warnAt: number): string {
  const share = percent(budget.used / budget.limit);
  const limit = count(budget.limit);
  switch (levelOf(budget, warnAt)) {
    case "error":
      return budget.used > budget.limit
        ? l10n.t("Error: over its budget, {0} of {1}.", share, limit)
        : l10n.t("Error: its budget of {0} is used up.", limit);
    case "warning":
      return l10n.t("Warning: near its budget, {0} of {1}.", share, limit);
    case "none":
      return l10n.t("{0} of its budget of {1}.", share, limit);
  }
}
