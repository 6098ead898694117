/** The figures above the prompt. */
import type { Report } from "../protocol";
import type { Loaded } from "./loading";
import type { Head } from "./messages";

/** `hidden` is what the page does not show. */
export function headOf({ rendering, report }: Loaded, parts: number, hidden: Head["hidden"]): Head {
  const { estimate, expandedTokens, budget } = report;
  const estimated = estimate !== null && expandedTokens !== null && expandedTokens > 0;
  return {
    tokens: rendering.tokens,
    written: report.tokens,
    factor: estimated ? estimate.likely / expandedTokens : 1,
    exact: report.accuracy === "exact",
    model: report.model ?? report.encoding,
    budget: budget && { used: budget.used, limit: budget.limit, state: stateOf(report) },
    parts,
    hidden,
  };
}

/** The server knows from where on it warns. */
function stateOf({ budget, findings }: Report): "below" | "near" | "over" {
  if (budget !== null && budget.used >= budget.limit) {
    return "over";
  }
  return findings.some(({ code }) => code === "budget/document-near") ? "near" : "below";
}
