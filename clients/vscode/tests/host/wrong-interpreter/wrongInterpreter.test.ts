import { equal, match, ok } from "node:assert/strict";
import * as vscode from "vscode";
import type { PromptlsClient } from "../../../src/client/languageClient";
import { findServer } from "../../../src/server/launch";
import { until } from "../main/waiting";

suite("a setting that names a Python that is not there", () => {
  let client: Pick<PromptlsClient, "state" | "launchRequest" | "serverProcess">;

  suiteSetup(async () => {
    const extension = vscode.extensions.getExtension<{ connection: PromptlsClient }>("promptls.promptls");
    client = (await extension!.activate()).connection;
  });

  test("is said, with the way out, and nothing else is run", async () => {
    await until("the failure", () => (client.state === "failed" ? true : undefined));
    const found = await findServer(
      client.launchRequest(new vscode.CancellationTokenSource().token, () => undefined),
    );
    ok(found.kind === "problem");
    equal(found.code, "interpreter-not-found");
    match(found.message, /\/nowhere\/python3/);
  });

  test("the commands still work", async () => {
    await vscode.commands.executeCommand("promptls.reportStatus");
    const text = await until("the status", () => {
      const shown = vscode.window.activeTextEditor?.document.getText();
      return shown?.includes("promptls status") === true ? shown : undefined;
    });
    match(text, /failed/);
  });

  test("the server starts once the setting is right", async () => {
    const configuration = vscode.workspace.getConfiguration("promptls");
    await configuration.update("server.interpreter", undefined, vscode.ConfigurationTarget.Global);
    await until("the server", () => (client.state === "running" ? true : undefined));
    ok(client.serverProcess?.pid !== undefined);
  });
});
