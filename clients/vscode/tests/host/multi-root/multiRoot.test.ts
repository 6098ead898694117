import { equal } from "node:assert/strict";
import * as vscode from "vscode";
import { runningConnection, until } from "../main/waiting";

suite("several folders in one window", () => {
  const file = (folder: number): vscode.Uri =>
    vscode.Uri.joinPath(vscode.workspace.workspaceFolders![folder]!.uri, "CLAUDE.md");

  test("each document has the settings of its folder", async () => {
    const connection = await runningConnection();
    const limits: (number | undefined)[] = [];
    for (const place of [0, 1]) {
      await vscode.window.showTextDocument(file(place));
      limits.push((await until("figures", () => connection.summary(file(place)))).budget?.limit);
    }
    equal(limits.join(), "10,");
  });

  test("the findings of both are told apart", async () => {
    await until("a finding in the first folder", () =>
      vscode.languages.getDiagnostics(file(0)).some(({ code }) => JSON.stringify(code).includes("document-exceeded"))
        ? true
        : undefined,
    );
    equal(vscode.languages.getDiagnostics(file(1)).length, 0);
  });

  test("the settings of one folder concern it alone", async () => {
    const connection = await runningConnection();
    const configuration = vscode.workspace.getConfiguration("promptls", file(1));
    await configuration.update("budget.document", 7, vscode.ConfigurationTarget.WorkspaceFolder);
    await until("the new budget", async () =>
      (await connection.summary(file(1)))?.budget?.limit === 7 ? true : undefined,
    );
    equal((await connection.summary(file(0)))?.budget?.limit, 10);
    await configuration.update("budget.document", undefined, vscode.ConfigurationTarget.WorkspaceFolder);
    await until("the old one", async () => ((await connection.summary(file(1)))?.budget === null ? true : undefined));
  });

  test("the workspace report knows both", async () => {
    const connection = await runningConnection();
    const report = await until("both documents", async () => {
      const found = await connection.workspaceReport();
      return found?.documents.length === 2 ? found : undefined;
    });
    equal(report.documents.filter(({ budget }) => budget !== null).length, 1);
  });
});
