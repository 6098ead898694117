/** Icons by kind, coloured by cost; the row's text says the same as the colour. */
import { ThemeColor, ThemeIcon } from "vscode";
import type { BudgetNode, Level, ReferenceNode, SectionNode } from "./nodes";

/** Shares of the document from which on an icon stands out. */
const LARGE = 0.25;
const HUGE = 0.5;

const SECTIONS: Record<SectionNode["section"]["kind"], string> = {
  frontMatter: "symbol-property",
  preamble: "note",
  heading: "symbol-string",
  tag: "tag",
  role: "comment-discussion",
};

const REFERENCES: Readonly<Record<string, string>> = { file: "file", api: "globe", var: "symbol-variable" };

export function iconOf(node: BudgetNode): ThemeIcon {
  switch (node.kind) {
    case "document":
      return new ThemeIcon(isUnderWay(node.report.pending) || node.isCounting ? "loading~spin" : "dashboard", colorOf(node.level, null));
    case "section":
      return new ThemeIcon(node.tokens === null ? "loading~spin" : SECTIONS[node.section.kind], colorOf(node.level, node.share));
    case "references":
      return new ThemeIcon(isUnderWay(node.pending) ? "loading~spin" : "references");
    case "reference":
      return referenceIcon(node);
    case "more":
      return new ThemeIcon("ellipsis");
    case "treatAsPrompt":
      return new ThemeIcon("add");
  }
}

function referenceIcon({ reference, level, share }: ReferenceNode): ThemeIcon {
  switch (reference.status) {
    case "pending":
      return new ThemeIcon("loading~spin");
    case "failed":
      return new ThemeIcon("error", new ThemeColor("list.errorForeground"));
    case "blocked":
      return new ThemeIcon("circle-slash", new ThemeColor("list.warningForeground"));
    case "stale":
      return new ThemeIcon("history", colorOf(level, share));
    case "deferred":
      return new ThemeIcon("watch");
    case "resolved":
      return new ThemeIcon(REFERENCES[reference.kind] ?? "link", colorOf(level, share));
  }
}

function colorOf(level: Level, share: number | null): ThemeColor | undefined {
  switch (level) {
    case "exceeded":
      return new ThemeColor("promptls.overBudget");
    case "near":
      return new ThemeColor("promptls.nearBudget");
    case "within":
      if (share === null || share < LARGE) {
        return undefined;
      }
      return new ThemeColor(share < HUGE ? "charts.yellow" : "charts.orange");
  }
}

function isUnderWay(pending: number): boolean {
  return pending > 0;
}
