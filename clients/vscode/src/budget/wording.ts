/** What the view says of a node: in its row, and in a sentence for a screen reader. */
import { l10n } from "vscode";
import { approximately, count, percent, shareOf } from "../figures";
import type { Budget, Figures, ReferenceStatus } from "../protocol";
import { bar } from "./bar";
import { NOT_COUNTED } from "./model";
import type { BudgetNode, DocumentNode, Level, MoreNode, ReferenceNode, ReferencesNode, SectionNode } from "./nodes";

const LABEL_MAX = 200;
/** Characters of a section's title, so that a side bar of the usual width has room for the figures. */
const TITLE_MAX = 24;

/** The parts of a row. */
export interface Row {
  label: string;
  description: string;
  /** The whole of it as a sentence. */
  spoken: string;
}

/** How the figures of a document are to be read. */
export type Reading = Pick<Figures, "accuracy">;

export function rowOf(node: BudgetNode, reading: Reading): Row {
  switch (node.kind) {
    case "document":
      return documentRow(node);
    case "section":
      return sectionRow(node, reading);
    case "references":
      return referencesRow(node);
    case "reference":
      return referenceRow(node, reading);
    case "more":
      return moreRow(node, reading);
    case "treatAsPrompt": {
      const label = l10n.t("Treat this file as a prompt");
      return { label, description: "", spoken: label };
    }
  }
}

/** `38 %`, and `<1 %` of what is little. */
export function shareText(share: number): string {
  return share > 0 && share < 0.01 ? `<${percent(0.01)}` : percent(share);
}

/** `1,234 tok`, `≈1,234 tok` */
export function tokensText(tokens: number, reading: Reading): string {
  return l10n.t("{0} tok", approximately(reading) + count(tokens));
}

function documentRow(node: DocumentNode): Row {
  const { report, tokens, written, level } = node;
  const label = l10n.t("Total");
  if (tokens === null) {
    const state = node.isCounting ? counting() : notCounted(report.findings);
    return { label, description: state, spoken: sentence(label, state) };
  }
  const differs = written !== null && written !== tokens;
  const { budget } = report;
  const state = stateOf(node);
  const figures =
    budget !== null
      ? `${bar(budget.share)} ${approximately(report)}${count(tokens)} · ${budgetText(budget, level)}`
      : differs
        ? `${tokensText(written, report)} → ${count(tokens)}`
        : tokensText(tokens, report);
  return {
    label,
    description: join(figures, state),
    spoken: sentence(
      label,
      report.expandedTokens === null
        ? l10n.t("{0} tokens as written", approximatelySpoken(report, tokens))
        : l10n.t("{0} tokens as sent", approximatelySpoken(report, tokens)),
      differs ? l10n.t("{0} as written", count(written)) : "",
      budget === null ? "" : budgetSpoken(budget, level),
      state,
    ),
  };
}

function sectionRow(node: SectionNode, reading: Reading): Row {
  const { section, tokens, share, level } = node;
  const title = shorten(section.title.trim() || l10n.t("(no title)"));
  const label = shorten(title, TITLE_MAX);
  const named = nameOfSection(node, title).join(", ");
  if (tokens === null) {
    return { label, description: counting(), spoken: sentence(named, counting()) };
  }
  const budget = section.budget;
  const isOpen = section.sent && section.expandedTokens === null;
  const state = section.sent ? (isOpen ? l10n.t("references pending") : "") : l10n.t("not sent");
  return {
    label,
    description: join(figuresText(tokens, share, reading, budget === null ? undefined : budgetText(budget, level)), state),
    spoken: sentence(
      named,
      l10n.t("{0} tokens", approximatelySpoken(reading, tokens)),
      shareSpoken(share),
      budget === null ? "" : budgetSpoken(budget, level),
      state,
    ),
  };
}

function referencesRow(node: ReferencesNode): Row {
  const label = l10n.t("References");
  const broken = node.broken === 0 ? "" : l10n.t("{0} broken", count(node.broken));
  const pending = node.pending === 0 ? "" : l10n.t("{0} pending", count(node.pending));
  return {
    label,
    description: join(count(node.count), broken, pending),
    spoken: sentence(label, count(node.count), broken, pending),
  };
}

function referenceRow(node: ReferenceNode, reading: Reading): Row {
  const { reference, tokens, share, written, level } = node;
  const label = shorten(reference.target.trim() || l10n.t("(no target)"));
  const kind = kindOfReference(reference.kind);
  const status = statusText(reference.status, reference.code);
  const over = referenceLevel(level);
  const known = tokens ?? written;
  if (known === null) {
    return { label, description: status, spoken: sentence(kind, label, status, reference.message ?? "") };
  }
  const unsent = tokens !== null ? "" : reference.placement === "none" ? l10n.t("not sent") : l10n.t("already in");
  return {
    label,
    description: join(figuresText(known, share, reading, over === "" ? undefined : over), unsent, status),
    spoken: sentence(
      kind,
      label,
      l10n.t("{0} tokens", approximatelySpoken(reading, known)),
      shareSpoken(share),
      level === "exceeded" ? l10n.t("over its budget") : over,
      unsent,
      status,
    ),
  };
}

function moreRow(node: MoreNode, reading: Reading): Row {
  const label = l10n.t("… {0} more", count(node.count));
  const tokens = node.tokens ?? 0;
  return {
    label,
    description: figuresText(tokens, node.share, reading),
    spoken: sentence(
      label,
      l10n.t("{0} tokens together", approximatelySpoken(reading, tokens)),
      shareSpoken(node.share),
    ),
  };
}

/** `███░░░░░ 1,204 · 38 %`. Where there is a budget it stands in the place of the share, which the bar shows. */
function figuresText(tokens: number, share: number | null, reading: Reading, budget?: string): string {
  if (share === null) {
    return join(tokensText(tokens, reading), budget ?? "");
  }
  return `${bar(share)} ${approximately(reading)}${count(tokens)} · ${budget ?? shareText(share)}`;
}

/** `61 % of 2,000`, and a sign before it where that is too much. */
export function budgetText(budget: Budget, level: Level): string {
  return level === "exceeded" ? `⚠ ${shareOf(budget)}` : shareOf(budget);
}

function budgetSpoken(budget: Budget, level: Level): string {
  const share = percent(budget.used / budget.limit);
  const limit = count(budget.limit);
  switch (level) {
    case "exceeded":
      return l10n.t("over its budget: {0} of {1}", share, limit);
    case "near":
      return l10n.t("near its budget: {0} of {1}", share, limit);
    case "within":
      return l10n.t("{0} of its budget of {1}", share, limit);
  }
}

function referenceLevel(level: Level): string {
  switch (level) {
    case "exceeded":
      return `⚠ ${l10n.t("over its budget")}`;
    case "near":
      return l10n.t("near its budget");
    case "within":
      return "";
  }
}

/** What became of a reference; empty where its figures say it. */
export function statusText(status: ReferenceStatus, code: string | null): string {
  switch (status) {
    case "resolved":
      return "";
    case "pending":
      return l10n.t("looking it up…");
    case "stale":
      return l10n.t("stale");
    case "deferred":
      return l10n.t("at run time");
    case "blocked":
      return l10n.t("blocked");
    case "failed":
      return code === "reference/not-found" ? l10n.t("not found") : l10n.t("failed");
  }
}

function stateOf({ isCounting, report }: DocumentNode): string {
  if (isCounting) {
    return counting();
  }
  return report.pending === 0 ? "" : l10n.t("{0} pending", count(report.pending));
}

/** Its kind and its title; one of them where they are the same. */
export function nameOfSection(node: SectionNode, title: string): string[] {
  const kind = kindOfSection(node);
  return kind.toLowerCase() === title.toLowerCase() ? [kind] : [kind, title];
}

function kindOfSection({ section }: SectionNode): string {
  switch (section.kind) {
    case "frontMatter":
      return l10n.t("Front matter");
    case "preamble":
      return l10n.t("Preamble");
    case "heading":
      return l10n.t("Section");
    case "tag":
      return l10n.t("Tag");
    case "role":
      return l10n.t("Role");
  }
}

export function kindOfReference(kind: string): string {
  switch (kind) {
    case "file":
      return l10n.t("File");
    case "api":
      return l10n.t("Address");
    case "var":
      return l10n.t("Variable");
    default:
      return l10n.t("Reference ({0})", kind);
  }
}

function counting(): string {
  return l10n.t("counting…");
}

function notCounted(findings: readonly { code: string }[]): string {
  return findings.some(({ code }) => code === NOT_COUNTED) ? l10n.t("not counted") : counting();
}

function approximatelySpoken(reading: Reading, tokens: number): string {
  return reading.accuracy === "exact" ? count(tokens) : l10n.t("about {0}", count(tokens));
}

function shareSpoken(share: number | null): string {
  return share === null ? "" : l10n.t("{0} of the document", shareText(share));
}

/** Cut what no row has room for, between characters. */
function shorten(text: string, most = LABEL_MAX): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd().replace(/[\uD800-\uDBFF]$/, "")}…`;
}

function join(...parts: string[]): string {
  return parts.filter((part) => part !== "").join(" · ");
}

function sentence(...parts: string[]): string {
  return parts.filter((part) => part !== "").join(", ");
}
