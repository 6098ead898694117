/** The text of the status bar item's tooltip: a table of figures, and links to what can be done. */
import { l10n } from "vscode";
import { approximately, count, percent, shareOf } from "../figures";
import type { Summary } from "../protocol";
import { modelTokens } from "./statusText";

/** The commands that the tooltip links to; no other link in it works. */
export const LINKED_COMMANDS = [
  "promptls.chooseModelAndBudget",
  "promptls.openPreview",
  "promptls.copyRenderedPrompt",
  "promptls.treatAsPrompt",
  "workbench.actions.view.problems",
];

export interface FindingCounts {
  errors: number;
  warnings: number;
}

/** Text from a document or a setting as plain text in a cell of a Markdown table. */
export function cell(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]()#+\-.!|<>~&$:@]/g, "\\$&");
}

/**
 * The tooltip as Markdown.
 *
 * @param canTreatAsPrompt - Whether the document is quiet and could be made a prompt.
 */
export function tooltipMarkdown(
  summary: Summary,
  findings: FindingCounts,
  canTreatAsPrompt: boolean,
): string {
  const rows = [...tokenRows(summary), [l10n.t("Findings"), findingsText(findings)]];
  const table = ["| | |", "|:--|:--|", ...rows.map(([name = "", value = ""]) => `| ${name} | ${value} |`)];
  return `${table.join("\n")}\n\n${links(canTreatAsPrompt).join(" · ")}`;
}

function tokenRows(summary: Summary): string[][] {
  const about = approximately(summary);
  const tokens = modelTokens(summary);
  const waiting = l10n.t("counting…");
  const sent = tokens?.sent ?? null;
  const rows = [
    [l10n.t("As written"), tokens === undefined ? waiting : l10n.t("{0} tokens", about + count(tokens.own))],
    [l10n.t("As sent"), sent === null ? pendingText(summary) : l10n.t("{0} tokens", about + count(sent))],
    [l10n.t("Model"), summary.model === null ? l10n.t("none is set") : cell(summary.model)],
    [l10n.t("Encoding"), cell(summary.encoding)],
    [l10n.t("Accuracy"), accuracyText(summary)],
  ];
  if (summary.window !== null) {
    const used = sent === null ? "" : ` · ${percent(sent / summary.window)}`;
    rows.push([l10n.t("Window"), l10n.t("{0} tokens", count(summary.window)) + used]);
  }
  rows.push([l10n.t("Budget"), summary.budget === null ? l10n.t("none is set") : shareOf(summary.budget)]);
  return rows;
}

function pendingText({ pending }: Summary): string {
  switch (pending) {
    case 0:
      return l10n.t("counting…");
    case 1:
      return l10n.t("one reference is being looked up");
    default:
      return l10n.t("{0} references are being looked up", count(pending));
  }
}

function accuracyText({ accuracy, estimate }: Summary): string {
  if (accuracy === "exact") {
    return l10n.t("exact");
  }
  const name = accuracy === "calibrated" ? l10n.t("calibrated") : l10n.t("estimate");
  if (estimate === null) {
    return name;
  }
  const source = cell(estimate.source);
  return l10n.t("{0}: {1} to {2} tokens ({3})", name, count(estimate.low), count(estimate.high), source);
}

function findingsText({ errors, warnings }: FindingCounts): string {
  const said = [
    ...(errors === 0 ? [] : [errors === 1 ? l10n.t("1 error") : l10n.t("{0} errors", count(errors))]),
    ...(warnings === 0 ? [] : [warnings === 1 ? l10n.t("1 warning") : l10n.t("{0} warnings", count(warnings))]),
  ];
  return said.length === 0 ? l10n.t("none") : `[${said.join(", ")}](command:workbench.actions.view.problems)`;
}

function links(canTreatAsPrompt: boolean): string[] {
  return [
    `[${l10n.t("Choose model and budget")}](command:promptls.chooseModelAndBudget)`,
    `[${l10n.t("Open rendered prompt")}](command:promptls.openPreview)`,
    `[${l10n.t("Copy rendered prompt")}](command:promptls.copyRenderedPrompt)`,
    ...(canTreatAsPrompt ? [`[${l10n.t("Treat this file as a prompt")}](command:promptls.treatAsPrompt)`] : []),
  ];
}
