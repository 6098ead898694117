/** What the page says when there is nothing newer to show, with what can be done about it. */
import * as vscode from "vscode";
import type { ConnectionState } from "../client/connection";

export interface Problem {
  message: string;
  /** The label of a button, and what it does. */
  remedy?: { label: string; run: () => Thenable<unknown> };
}

export function closedProblem(uri: vscode.Uri): Problem {
  return {
    message: vscode.l10n.t("The document is closed; this is what it was when it was open."),
    remedy: {
      label: vscode.l10n.t("Open Document"),
      run: () => vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One }),
    },
  };
}

export function unreadableProblem(): Problem {
  return { message: vscode.l10n.t("The document cannot be opened any more.") };
}

/** The server has given no answer; `retry` asks it again. */
export function unansweredProblem(state: ConnectionState, retry: () => void): Problem {
  switch (state) {
    case "starting":
      return { message: vscode.l10n.t("The language server is starting…") };
    case "running":
      return {
        message: vscode.l10n.t("The prompt could not be rendered; what it brings in may keep changing."),
        remedy: {
          label: vscode.l10n.t("Try Again"),
          run: () => {
            retry();
            return Promise.resolve();
          },
        },
      };
    case "stopped":
    case "failed":
      return {
        message: vscode.l10n.t("The language server is not running; what is shown may be out of date."),
        remedy: {
          label: vscode.l10n.t("Restart Server"),
          run: () => vscode.commands.executeCommand("promptls.restartServer"),
        },
      };
  }
}
