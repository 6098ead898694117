import { ok, equal } from "node:assert/strict";
import * as vscode from "vscode";

suite("the editor that tests run in", () => {
  test("has the extension and the copy of the examples", async () => {
    ok(vscode.extensions.getExtension("promptls.promptls"));
    equal(vscode.workspace.workspaceFolders?.length, 1);
    const file = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0]!.uri, "CLAUDE.md");
    equal((await vscode.workspace.openTextDocument(file)).languageId, "markdown");
  });

  test("is trusted", () => {
    ok(vscode.workspace.isTrusted);
  });
});
