import { equal, match } from "node:assert/strict";
import * as vscode from "vscode";
import type { Connection } from "../../../src/client/connection";
import { registerContextKeys } from "../../../src/status/contextKeys";
import { registerStatusBar } from "../../../src/status/statusBar";
import { runningConnection, until, writeFile } from "./waiting";

/** What the extension shows: an item of ours in the place of the editor's own. */
interface Item {
  text: string;
  tooltip: vscode.MarkdownString | string | undefined;
  backgroundColor: { id: string } | undefined;
  accessibilityInformation: { label: string } | undefined;
  visible: boolean;
}

suite("the status bar item", () => {
  let item: Item;
  let bar: vscode.Disposable;
  let connection: Connection;

  suiteSetup(async () => {
    connection = await runningConnection();
    const original = vscode.window.createStatusBarItem;
    const shown = { text: "", visible: false, dispose: () => undefined };
    item = Object.assign(shown, {
      tooltip: undefined,
      backgroundColor: undefined,
      accessibilityInformation: undefined,
      show: () => (shown.visible = true),
      hide: () => (shown.visible = false),
    });
    Object.assign(vscode.window, { createStatusBarItem: () => item });
    bar = registerStatusBar(connection);
    Object.assign(vscode.window, { createStatusBarItem: original });
  });

  suiteTeardown(async () => {
    bar.dispose();
    await vscode.workspace.getConfiguration("promptls").update("statusBar", undefined, true);
  });

  teardown(async () => {
    while (vscode.window.activeTextEditor !== undefined) {
      await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    }
  });

  function textThat(pattern: RegExp): Promise<string> {
    return until(`${pattern.source}, and not ${item.text}`, () =>
      item.visible && pattern.test(item.text) ? item.text : undefined,
    );
  }

  function background(): string | undefined {
    return item.backgroundColor?.id;
  }

  async function visibility(expected: boolean): Promise<void> {
    await until(`an item that is ${expected ? "" : "not "}there`, () => (item.visible === expected ? true : undefined));
  }

  test("says tokens and budget, and follows edits into warning and error, and back", async () => {
    const content = "<!-- promptls: budget=100 -->\n# Title\n\nText.\n";
    const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
    const editor = await vscode.window.showTextDocument(document);
    await textThat(/^\d+ → \d+ tok · \d+ % of 100$/);
    equal(background(), undefined);

    await editor.edit((edit) => {
      edit.insert(new vscode.Position(4, 0), "word ".repeat(85));
    });
    await textThat(/^\$\(warning\) .* · [89]\d % of 100$/);
    equal(background(), "statusBarItem.warningBackground");
    match(item.accessibilityInformation?.label ?? "", /Warning: near its budget/);

    await editor.edit((edit) => {
      edit.insert(new vscode.Position(4, 0), "word ".repeat(85));
    });
    await textThat(/^\$\(error\) .* · 1\d\d % of 100$/);
    equal(background(), "statusBarItem.errorBackground");
    match(item.accessibilityInformation?.label ?? "", /Error: over its budget/);
    const { tooltip } = item;
    match(typeof tooltip === "object" ? tooltip.value : "", /\| Budget \| 1\d\d % of 100 \|/);

    await editor.edit((edit) => {
      edit.delete(new vscode.Range(4, 0, 5, 0));
    });
    await textThat(/^\d+ → \d+ tok · \d+ % of 100$/);
    equal(background(), undefined);
  });

  test("follows the active editor, and goes with it", async () => {
    const one = await writeFile("prompts/one.md", "one\n");
    const many = await writeFile("prompts/many.md", "word ".repeat(1500));
    await vscode.window.showTextDocument(one, { preview: false });
    await textThat(/^2 tok/);
    await vscode.window.showTextDocument(many, { preview: false });
    await textThat(/^1,50\d tok/);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await visibility(false);
  });

  test("counts what is no prompt, unless the setting says otherwise", async () => {
    const configuration = vscode.workspace.getConfiguration("promptls");
    const content = "print('hello')\n";
    const document = await vscode.workspace.openTextDocument({ language: "plaintext", content });
    await vscode.window.showTextDocument(document);
    await textThat(/^\d+ tok/);
    await configuration.update("statusBar", "prompts", true);
    await visibility(false);
    await configuration.update("statusBar", "always", true);
    await visibility(true);
    await configuration.update("statusBar", "never", true);
    await visibility(false);
    await configuration.update("statusBar", undefined, true);
    await visibility(true);
  });

  test("stays with its figures while the server starts again", async () => {
    const uri = await writeFile("prompts/restart.md", "one two\n");
    await vscode.window.showTextDocument(uri);
    const before = await textThat(/^3 tok/);
    const texts = new Set<string>();
    const watch = connection.onDidChangeState(() => texts.add(item.text));
    await vscode.commands.executeCommand("promptls.restartServer");
    await until("the server", () => (connection.state === "running" ? true : undefined));
    await until(`${before}, and not ${item.text}`, () => (item.text === before ? true : undefined));
    watch.dispose();
    equal(item.visible, true);
    for (const text of texts) {
      match(text, /tok/);
    }
  });
});

suite("what menus know of the active document", () => {
  const keys = new Map<string, unknown>();
  const { executeCommand } = vscode.commands;
  let registered: vscode.Disposable;

  suiteSetup(async () => {
    const connection = await runningConnection();
    const note = (command: string, ...values: unknown[]): Thenable<unknown> => {
      if (command === "setContext") {
        keys.set(String(values[0]), values[1]);
      }
      return executeCommand(command, ...values);
    };
    Object.assign(vscode.commands, { executeCommand: note });
    registered = registerContextKeys(connection);
  });

  suiteTeardown(async () => {
    registered.dispose();
    Object.assign(vscode.commands, { executeCommand });
    await executeCommand("workbench.action.closeAllEditors");
  });

  async function check(path: string, isPrompt: boolean, canTreatAsPrompt: boolean): Promise<void> {
    await vscode.window.showTextDocument(await writeFile(path, "# Title\n"));
    await until(`the keys of ${path}`, () =>
      keys.get("promptls.hasDocument") === true &&
      keys.get("promptls.isPrompt") === isPrompt &&
      keys.get("promptls.canTreatAsPrompt") === canTreatAsPrompt
        ? true
        : undefined,
    );
  }

  test("a prompt", () => check("prompts/keys.md", true, false));
  test("Markdown that stays quiet", () => check("keys.md", false, true));
  test("text that stays quiet", () => check("keys.txt", false, true));
  test("a program", () => check("keys.py", false, false));
  test("no editor", async () => {
    await executeCommand("workbench.action.closeAllEditors");
    await until("no document", () => (keys.get("promptls.hasDocument") === false ? true : undefined));
    equal(keys.get("promptls.canTreatAsPrompt"), false);
  });
});
