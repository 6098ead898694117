/** What several commands say. */
import * as vscode from "vscode";
import type { Connection } from "../client/connection";

/** Say why the server gave no answer, with a way to its log. */
export function serverIsMissing(connection: Connection): void {
  const showLog = vscode.l10n.t("Show Log");
  const message =
    connection.state === "starting"
      ? vscode.l10n.t("The promptls server is starting; try again in a moment.")
      : connection.state === "running"
        ? vscode.l10n.t("The promptls server could not answer for this document; try again.")
        : vscode.l10n.t("The promptls server is not running.");
  void vscode.window.showErrorMessage(message, showLog).then((chosen) => {
    if (chosen === showLog) {
      void vscode.commands.executeCommand("promptls.showLog");
    }
  });
}

/** The document that a command is for: that of the URI which a menu gives, else the active editor's. */
export async function documentFor(uri: vscode.Uri | undefined): Promise<vscode.TextDocument | undefined> {
  return uri === undefined ? vscode.window.activeTextEditor?.document : vscode.workspace.openTextDocument(uri);
}
