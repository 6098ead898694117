import { equal, match, ok } from "node:assert/strict";
import * as vscode from "vscode";
import type { PromptlsClient } from "../../../src/client/languageClient";
import { runningConnection, until } from "../main/waiting";

suite("a workspace that nobody has trusted", () => {
  let client: Pick<PromptlsClient, "launch" | "status" | "report">;

  suiteSetup(async () => {
    client = (await runningConnection()) as PromptlsClient;
  });

  test("has the extension, limited", async () => {
    equal(vscode.workspace.isTrusted, false);
    equal((await until("the status", () => client.status())).trusted, false);
  });

  test("runs a Python of the system, isolated", () => {
    const { launch } = client;
    ok(launch !== undefined);
    equal(launch.interpreter?.source, "system");
    equal(launch.args[0], "-I");
    for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
      ok(!launch.command.startsWith(uri.fsPath) && !launch.cwd.startsWith(uri.fsPath));
    }
  });

  test("reads nothing outside of the workspace", async () => {
    const folder = vscode.workspace.workspaceFolders![0]!.uri;
    const uri = vscode.Uri.joinPath(folder, "CLAUDE.md");
    await vscode.window.showTextDocument(uri);
    const report = await until("the references", async () => {
      const found = await client.report(uri);
      return found?.pending === 0 ? found : undefined;
    });
    const outside = report.references.find(({ target }) => target.startsWith("~/"));
    equal(outside?.status, "blocked");
    match(outside.message ?? "", /outside of the workspace/);
  });

  test("restricts what concerns the machine", () => {
    const manifest = vscode.extensions.getExtension("promptls.promptls")!.packageJSON as {
      capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } };
    };
    const { untrustedWorkspaces } = manifest.capabilities;
    equal(untrustedWorkspaces.supported, "limited");
    ok(untrustedWorkspaces.restrictedConfigurations.includes("promptls.server.interpreter"));
  });
});
