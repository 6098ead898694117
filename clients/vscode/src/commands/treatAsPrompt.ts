/** The command that declares a quiet document to be a prompt. */
import * as vscode from "vscode";
import type { Connection } from "../client/connection";
import { isCounted } from "../documents";
import { globOfDocument, writeRule } from "./choicePlaces";
import { writeInDocument } from "./documentDirectives";
import { documentFor, serverIsMissing } from "./messages";

/**
 * Have hints and findings appear in a document: by a rule for exactly this file in the settings of
 * its folder, or, outside of all folders and before it is saved, by a directive at its top.
 */
export async function treatAsPrompt(connection: Connection, uri?: vscode.Uri): Promise<void> {
  const document = await documentFor(uri);
  if (document === undefined || !isCounted(document)) {
    void vscode.window.showInformationMessage(vscode.l10n.t("Open the file that is to be treated as a prompt."));
    return;
  }
  const summary = await connection.summary(document.uri);
  if (summary === undefined) {
    serverIsMissing(connection);
    return;
  }
  if (summary.shown) {
    void vscode.window.showInformationMessage(vscode.l10n.t("This file is treated as a prompt already."));
    return;
  }
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  if (folder === undefined || document.isUntitled) {
    await declareInDocument(connection, document);
  } else {
    await declareInSettings(document, folder);
  }
}

async function declareInDocument(connection: Connection, document: vscode.TextDocument): Promise<void> {
  // The dialect that it is read in anyway: any directive makes a document a prompt.
  if (!(await writeInDocument(connection, document, "dialect", "markdown"))) {
    void vscode.window.showErrorMessage(vscode.l10n.t("This document cannot be changed."));
  }
}

async function declareInSettings(document: vscode.TextDocument, folder: vscode.WorkspaceFolder): Promise<void> {
  try {
    await writeRule(document, {});
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(vscode.l10n.t("{0} could not be set: {1}", "promptls.files", reason));
    return;
  }
  const open = vscode.l10n.t("Open Settings");
  const message = vscode.l10n.t(
    "A rule for {0} was added to the settings of the folder “{1}”.",
    globOfDocument(document),
    folder.name,
  );
  void vscode.window.showInformationMessage(message, open).then((chosen) => {
    if (chosen === open) {
      void vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, ".vscode", "settings.json"));
    }
  });
}
