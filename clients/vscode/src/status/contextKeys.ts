/** What menus and views ask of the active document, in `when` clauses. */
import * as vscode from "vscode";
import type { Connection } from "../client/connection";
import type { Summary } from "../protocol";
import { onActiveSummary } from "./activeSummary";

const QUIET_LANGUAGES = ["markdown", "plaintext"];

/** Whether a document is a quiet one that the user may declare to be a prompt. */
export function canTreatAsPrompt(languageId: string, summary: Pick<Summary, "shown"> | undefined): boolean {
  return summary?.shown === false && QUIET_LANGUAGES.includes(languageId);
}

/** Keep `promptls.hasDocument`, `promptls.isPrompt` and `promptls.canTreatAsPrompt` up to date. */
export function registerContextKeys(connection: Connection): vscode.Disposable {
  const held = new Map<string, boolean>();
  const set = (name: string, value: boolean): void => {
    if (held.get(name) !== value) {
      held.set(name, value);
      void vscode.commands.executeCommand("setContext", `promptls.${name}`, value);
    }
  };
  return onActiveSummary(connection, ({ document, summary }) => {
    set("hasDocument", summary !== undefined);
    set("isPrompt", summary?.shown === true);
    set("canTreatAsPrompt", document !== undefined && canTreatAsPrompt(document.languageId, summary));
  });
}
