/** The command that gathers what to paste into a bug report. */
import { arch, homedir } from "node:os";
import * as vscode from "vscode";
import type { PromptlsClient } from "../client/languageClient";
import { placesOfSettings } from "../settings";
import { statusReport } from "./statusReport";

/** Open the report as a document of its own, and offer to copy it. */
export async function reportStatus(extension: vscode.Extension<unknown>, client: PromptlsClient): Promise<void> {
  const content = statusReport({
    extensionVersion: (extension.packageJSON as { version: string }).version,
    editor: `${vscode.env.appName} ${vscode.version}`,
    remote: vscode.env.remoteName,
    platform: `${process.platform} ${arch()}, Node ${process.versions.node}`,
    trusted: vscode.workspace.isTrusted,
    folders: vscode.workspace.workspaceFolders?.length ?? 0,
    state: client.state,
    launch: client.launch,
    server: await client.status(),
    settings: placesOfSettings(extension),
    home: homedir(),
  });
  const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
  await vscode.window.showTextDocument(document);
  const copy = vscode.l10n.t("Copy");
  const message = vscode.l10n.t("This report holds no text of your prompts and no values of settings.");
  void vscode.window.showInformationMessage(message, copy).then((chosen) => {
    if (chosen === copy) {
      void vscode.env.clipboard.writeText(content);
    }
  });
}
