/**
 * Always gives one inlay hint, at the heading above the cursor, without counting anything. Its label is the document's
 * version: a label that never changed would not show in the page when it is settled.
 */
import * as vscode from "vscode";

export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    vscode.languages.registerInlayHintsProvider({ language: "markdown" }, { provideInlayHints: oneHint }),
  );
}

function oneHint(document: vscode.TextDocument, range: vscode.Range): vscode.InlayHint[] {
  for (let line = vscode.window.activeTextEditor?.selection.active.line ?? 0; line >= range.start.line; line -= 1) {
    const { text, range: whole } = document.lineAt(line);
    if (text.startsWith("#")) {
      const hint = new vscode.InlayHint(whole.end, `version ${document.version}`);
      hint.paddingLeft = true;
      return [hint];
    }
  }
  return [];
}
