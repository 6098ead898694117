/** The commands of the first five minutes: a sample to play with, and the walkthrough. */
import * as vscode from "vscode";

const WALKTHROUGH = "promptls.promptls#promptls.start";

/** Open a small prompt that is not saved anywhere. */
export async function openSample(extensionUri: vscode.Uri): Promise<void> {
  const uri = vscode.Uri.joinPath(extensionUri, "media", "sample.prompt.md");
  const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
  await vscode.window.showTextDocument(document);
}

export async function openWalkthrough(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.openWalkthrough", WALKTHROUGH, false);
}
