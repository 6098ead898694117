/** What the view tells of a node on hover. */
import { l10n, MarkdownString } from "vscode";
import { approximately, count, shareOf } from "../figures";
import type { Budget, Finding } from "../protocol";
import { NOT_COUNTED } from "./model";
import type { BudgetNode, DocumentNode, Level, ReferenceNode, SectionNode } from "./nodes";
import { kindOfReference, nameOfSection, type Reading, shareText, statusText } from "./wording";

type TableRow = [name: string, value: string | undefined];

/** Undefined where the row says it all. Text of the prompt is never read as Markdown. */
export function tooltipOf(node: BudgetNode, reading: Reading): MarkdownString | undefined {
  switch (node.kind) {
    case "document":
      return documentTooltip(node);
    case "section":
      return sectionTooltip(node, reading);
    case "reference":
      return referenceTooltip(node, reading);
    case "references":
    case "more":
    case "treatAsPrompt":
      return undefined;
  }
}

function documentTooltip({ report, tokens, written, level }: DocumentNode): MarkdownString {
  const { estimate, framing } = report;
  const text = heading(l10n.t("Total"));
  appendTable(text, [
    [l10n.t("As written"), figure(written, report)],
    [l10n.t("As sent"), figure(report.expandedTokens === null ? null : tokens, report)],
    [l10n.t("Estimate"), estimate === null ? undefined : `${count(estimate.low)} – ${count(estimate.high)}`],
    [l10n.t("Added around messages"), framing === null ? undefined : approximately(framing) + count(framing.tokens)],
    [l10n.t("Budget"), budgetCell(report.budget, level)],
    [l10n.t("Model"), report.model === null ? undefined : plain(report.model)],
    [l10n.t("Encoding"), plain(report.encoding)],
  ]);
  appendNote(text, estimate?.source);
  appendNote(text, report.findings.find((finding: Finding) => finding.code === NOT_COUNTED)?.message);
  return text;
}

function sectionTooltip(node: SectionNode, reading: Reading): MarkdownString {
  const { section, share, level } = node;
  const text = heading(...nameOfSection(node, section.title.trim()));
  appendTable(text, [
    [l10n.t("Without subsections"), node.nests ? figure(node.own, reading) : undefined],
    [node.nests ? l10n.t("With subsections") : l10n.t("As written"), figure(node.written, reading)],
    [
      l10n.t("As sent"),
      section.sent ? figure(section.expandedTokens === null ? null : node.tokens, reading) : l10n.t("not sent"),
    ],
    [l10n.t("Share of the document"), share === null ? undefined : shareText(share)],
    [l10n.t("Budget"), budgetCell(section.budget, level)],
  ]);
  return text;
}

function referenceTooltip({ reference, tokens, written, share, level }: ReferenceNode, reading: Reading): MarkdownString {
  const text = heading(kindOfReference(reference.kind), reference.target.trim());
  const status = statusText(reference.status, reference.code);
  const fetched = reference.fetchedAt === null ? undefined : new Date(reference.fetchedAt * 1000);
  appendTable(text, [
    [l10n.t("Status"), status === "" ? l10n.t("brought in") : status],
    [l10n.t("Its own text"), written === null ? undefined : figure(written, reading)],
    [l10n.t("With what it brings in"), tokens === null ? undefined : figure(tokens, reading)],
    [l10n.t("Share of the document"), share === null ? undefined : shareText(share)],
    [l10n.t("Budget"), level === "within" ? undefined : level === "exceeded" ? l10n.t("over") : l10n.t("near")],
    [l10n.t("Placed"), placementText(reference.placement)],
    [l10n.t("Looked up"), fetched?.toLocaleString()],
  ]);
  appendNote(text, reference.message ?? undefined);
  return text;
}

function placementText(placement: ReferenceNode["reference"]["placement"]): string {
  switch (placement) {
    case "inline":
      return l10n.t("where it stands");
    case "attached":
      return l10n.t("behind the document");
    case "none":
      return l10n.t("not sent");
  }
}

function heading(kind = "", title = ""): MarkdownString {
  return new MarkdownString(title === "" ? `**${kind}**` : `**${kind}** ${plain(title)}`);
}

/** Two columns; rows without a value are left out. */
function appendTable(text: MarkdownString, rows: TableRow[]): void {
  text.appendMarkdown("\n\n| | |\n|:--|--:|\n");
  for (const [name, value] of rows) {
    if (value !== undefined) {
      text.appendMarkdown(`| ${name} | ${value} |\n`);
    }
  }
}

function appendNote(text: MarkdownString, note: string | undefined): void {
  if (note !== undefined && note !== "") {
    text.appendMarkdown(`\n\n${plain(note)}`);
  }
}

function figure(tokens: number | null, reading: Reading): string {
  return tokens === null ? l10n.t("not known yet") : approximately(reading) + count(tokens);
}

function budgetCell(budget: Budget | null, level: Level): string | undefined {
  if (budget === null) {
    return undefined;
  }
  const used = `${count(budget.used)}, ${shareOf(budget)}`;
  return level === "exceeded" ? `⚠ ${used}` : used;
}

/** Text as it is: no Markdown in it, no links, no end of a cell; spaces that can break. */
function plain(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, "\\$&").replace(/\s+/g, " ");
}
