/** What the page says; `{0}` and so on are filled in there. */
import * as vscode from "vscode";

/** All strings of the page, in the language of the editor. */
export function pageTexts() {
  return {
    tokens: vscode.l10n.t("{0} tok"),
    counting: vscode.l10n.t("counting…"),
    share: vscode.l10n.t("{0} · {1}"),
    spokenShare: vscode.l10n.t("{0} tokens, {1} of the prompt"),
    written: vscode.l10n.t("{0} as written"),
    budget: vscode.l10n.t("{0} of {1}"),
    budgetLabel: vscode.l10n.t("Budget"),
    budgetNear: vscode.l10n.t("near the budget"),
    budgetOver: vscode.l10n.t("over the budget"),
    parts: vscode.l10n.t("{0} parts"),
    onePart: vscode.l10n.t("1 part"),
    legend: vscode.l10n.t("Share of the prompt"),
    lock: vscode.l10n.t("Lock"),
    lockHint: vscode.l10n.t("Stay with this document when another editor becomes active"),
    copy: vscode.l10n.t("Copy"),
    copyAll: vscode.l10n.t("Copy Prompt"),
    copyAllHint: vscode.l10n.t("Copy the whole rendered prompt"),
    copyPart: vscode.l10n.t("Copy {0}"),
    copied: vscode.l10n.t("Copied"),
    previous: vscode.l10n.t("Previous Part"),
    next: vscode.l10n.t("Next Part"),
    keys: vscode.l10n.t("Alt+Up and Alt+Down go from part to part, Enter opens one in the editor, Ctrl+F searches"),
    open: vscode.l10n.t("Open {0}"),
    loose: vscode.l10n.t("Text"),
    attached: vscode.l10n.t("Attached"),
    continued: vscode.l10n.t("{0} (continued)"),
    empty: vscode.l10n.t("Nothing is sent: the document holds no text for a model."),
    hidden: vscode.l10n.t("{0} more characters in {1} parts are not shown. Copying the prompt takes all of it."),
    more: vscode.l10n.t("Show More"),
    prompt: vscode.l10n.t("Rendered prompt"),
    figures: vscode.l10n.t("Figures"),
  };
}

export type PageTexts = ReturnType<typeof pageTexts>;
