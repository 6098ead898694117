import { equal, ok } from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { runningConnection } from "../main/waiting";

suite("a Python that an untrusted workspace brings with it, and names in its settings", () => {
  test("is not run", async () => {
    const connection = await runningConnection();
    const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
    ok(existsSync(join(root, ".venv", "bin", "python3")), "there is nothing to keep away from");
    equal((await connection.status())?.executable.startsWith(root), false);
    equal(existsSync(join(root, "it-was-run")), false);
  });

  test("is no setting", () => {
    const settings = vscode.workspace.getConfiguration("promptls.server");
    equal(settings.get<string>("path"), "");
    equal(settings.inspect("interpreter")?.workspaceFolderValue, undefined);
  });
});
