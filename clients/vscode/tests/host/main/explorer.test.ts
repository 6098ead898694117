import { equal, match } from "node:assert/strict";
import * as vscode from "vscode";
import type { Connection } from "../../../src/client/connection";
import { ExplorerDecorations } from "../../../src/explorer/decorations";
import { runningConnection, until, writeFile } from "./waiting";

const SETTING = "promptls.explorer.decorations";

function prompt(budget: number): string {
  return `<!-- promptls: budget=${budget} -->\n# Rules\n\n${"Some words of a rule. ".repeat(20)}\n`;
}

suite("decorations in the explorer", () => {
  let connection: Connection;
  let decorations: ExplorerDecorations;
  let uri: vscode.Uri;

  suiteSetup(async () => {
    connection = await runningConnection();
    decorations = new ExplorerDecorations(connection);
    uri = await writeFile("prompts/over.prompt.md", prompt(20));
  });

  suiteTeardown(async () => {
    await vscode.workspace.getConfiguration().update(SETTING, undefined, vscode.ConfigurationTarget.Workspace);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    decorations.dispose();
  });

  async function decorated(): Promise<vscode.FileDecoration> {
    return await until("a decoration", () => decorations.provideFileDecoration(uri));
  }

  async function plain(): Promise<void> {
    await until("no decoration", () => (decorations.provideFileDecoration(uri) === undefined ? true : undefined));
  }

  test("mark a file over its budget that nobody has opened", async () => {
    const { badge, tooltip, propagate } = await decorated();
    equal(badge, "B!");
    match(tooltip ?? "", /^\d+ tokens, \d+ % of its budget of 20$/);
    equal(propagate, true);
  });

  test("go when the setting is off, and come back with it", async () => {
    await decorated();
    const configuration = vscode.workspace.getConfiguration();
    await configuration.update(SETTING, false, vscode.ConfigurationTarget.Workspace);
    await plain();
    await configuration.update(SETTING, undefined, vscode.ConfigurationTarget.Workspace);
    await decorated();
  });

  test("follow what is typed, and tell of the files that changed alone", async () => {
    const changed = new Set<string>();
    const listening = decorations.onDidChangeFileDecorations((uris) => {
      uris.forEach((one) => changed.add(one.toString()));
    });
    const editor = await vscode.window.showTextDocument(uri);
    await editor.edit((edit) => {
      edit.replace(editor.document.lineAt(0).range, "<!-- promptls: budget=130 -->");
    });
    await until("near its budget", () => (decorations.provideFileDecoration(uri)?.badge === "B" ? true : undefined));
    await editor.edit((edit) => {
      edit.replace(editor.document.lineAt(0).range, "<!-- promptls: budget=5000 -->");
    });
    await plain();
    listening.dispose();
    equal([...changed].join(), uri.toString());
  });
});
