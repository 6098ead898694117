/** The command that copies the prompt as it is sent. */
import * as vscode from "vscode";
import type { Connection } from "../client/connection";
import { isCounted } from "../documents";
import { copiedText } from "./copiedText";
import { documentFor, serverIsMissing } from "./messages";

/** Put the rendered prompt of a document, or of the active editor's, on the clipboard. */
export async function copyRenderedPrompt(connection: Connection, uri?: vscode.Uri): Promise<void> {
  const document = await documentFor(uri);
  if (document === undefined || !isCounted(document)) {
    void vscode.window.showInformationMessage(vscode.l10n.t("Open a prompt to copy it as it is sent."));
    return;
  }
  const rendering = await connection.render(document.uri);
  if (rendering === undefined) {
    serverIsMissing(connection);
    return;
  }
  await vscode.env.clipboard.writeText(rendering.text);
  const pending = (await connection.summary(document.uri))?.pending ?? 0;
  void vscode.window.showInformationMessage(copiedText(rendering.tokens, pending));
}
