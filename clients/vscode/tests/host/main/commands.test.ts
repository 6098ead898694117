import { deepEqual, equal, match, ok } from "node:assert/strict";
import { homedir } from "node:os";
import * as vscode from "vscode";
import type { Connection } from "../../../src/client/connection";
import { chooseModelAndBudget } from "../../../src/commands/chooseModelAndBudget";
import { copyRenderedPrompt } from "../../../src/commands/renderedPrompt";
import { treatAsPrompt } from "../../../src/commands/treatAsPrompt";
import type { Summary } from "../../../src/protocol";
import { type Answer, answering } from "./answering";
import { runningConnection, until, writeFile } from "./waiting";

let connection: Connection;

suiteSetup(async () => {
  connection = await runningConnection();
});

/** The summary once it is as expected. */
function summaryOf(uri: vscode.Uri, isExpected: (summary: Summary) => boolean): Promise<Summary> {
  return until(`the figures of ${uri.path}`, async () => {
    const summary = await connection.summary(uri);
    return summary !== undefined && isExpected(summary) ? summary : undefined;
  });
}

async function openUntitled(content: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
  await vscode.window.showTextDocument(document);
  await summaryOf(document.uri, () => true);
  return document;
}

async function openFile(path: string, text: string): Promise<vscode.TextDocument> {
  const uri = await writeFile(path, text);
  const { document } = await vscode.window.showTextDocument(uri);
  await summaryOf(uri, () => true);
  return document;
}

/** What the folder's settings say of promptls. */
function folderSetting(name: string): unknown {
  const folder = vscode.workspace.workspaceFolders![0]!;
  return vscode.workspace.getConfiguration("promptls", folder.uri).inspect(name)?.workspaceFolderValue;
}

async function forgetSettings(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders![0]!;
  const configuration = vscode.workspace.getConfiguration("promptls", folder.uri);
  for (const name of ["files", "model", "budget.document"]) {
    await configuration.update(name, undefined, vscode.ConfigurationTarget.WorkspaceFolder);
    await configuration.update(name, undefined, vscode.ConfigurationTarget.Global);
  }
}

async function closeAll(): Promise<void> {
  while (vscode.window.activeTextEditor !== undefined) {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  }
}

suite("choosing model and budget", () => {
  teardown(async () => {
    await closeAll();
    await forgetSettings();
  });

  const choose = (answers: Answer[], button?: string): ReturnType<typeof answering> =>
    answering(answers, () => chooseModelAndBudget(connection), button);

  test("a budget in the document, to be undone", async () => {
    const document = await openUntitled("# Title\n\nText.\n");
    const { questions, messages } = await choose([
      { pick: "$(dashboard)" },
      { write: "2,000" },
      { pick: "In this document" },
    ]);
    equal(document.getText(), "<!-- promptls: budget=2000 -->\n# Title\n\nText.\n");
    equal((await summaryOf(document.uri, ({ budget }) => budget !== null)).budget?.limit, 2000);
    deepEqual(messages, []);
    deepEqual(questions.slice(1).map(({ lines }) => lines[0]), ["2,000 tokens", "In this document"]);
    await vscode.commands.executeCommand("undo");
    equal(document.getText(), "# Title\n\nText.\n");
  });

  test("a model in the document: what is there is changed, and taken away", async () => {
    const document = await openUntitled("---\nname: x\n---\n<!-- promptls: model=gpt-4 ignore=a/b -->\n\nText.\n");
    await choose([{ pick: "$(hubot)" }, { pick: "gpt-4o" }, { pick: "In this document" }]);
    match(document.getText(), /^---\nname: x\n---\n<!-- promptls: model=gpt-4o\S* ignore=a\/b -->\n\nText\.\n$/);
    await summaryOf(document.uri, ({ model }) => model?.startsWith("gpt-4o") === true);
    const { questions } = await choose([{ pick: "$(hubot)" }, { pick: "Use the default" }, { pick: "In this document" }]);
    match(questions[2]?.lines[0] ?? "", /^In this document: now gpt-4o/);
    equal(document.getText(), "---\nname: x\n---\n<!-- promptls: ignore=a/b -->\n\nText.\n");
  });

  test("going back asks the question before again", async () => {
    await openUntitled("Text.\n");
    const { questions } = await choose([{ pick: "$(hubot)" }, "back", { pick: "$(dashboard)" }, { write: "5" }, "back"]);
    deepEqual(
      questions.map(({ title }) => title),
      ["Model and budget", "Model", "Model and budget", "Budget of the document", "Budget 5", "Budget of the document"],
    );
  });

  test("what is no budget is refused", async () => {
    const document = await openUntitled("Text.\n");
    const { questions } = await choose([{ pick: "$(dashboard)" }, { write: "many" }]);
    match(questions[1]?.lines[0] ?? "", /^Write a whole number of tokens/);
    equal(document.getText(), "Text.\n");
  });

  test("a rule for the file, in the folder's settings, beside the rules of the user", async () => {
    const rules = [{ glob: "*.never", section: 10 }];
    const configuration = vscode.workspace.getConfiguration("promptls");
    await configuration.update("files", rules, vscode.ConfigurationTarget.Global);
    const document = await openFile("docs/[a] rule.md", "Text.\n");
    await vscode.workspace.fs.rename(rootFile("promptls.toml"), rootFile("promptls.off"));
    try {
      const { messages } = await choose([{ pick: "$(dashboard)" }, { write: "123" }, { pick: "For this file" }]);
      deepEqual(folderSetting("files"), [{ glob: "docs/\\[a] rule.md", document: 123 }, ...rules]);
      await summaryOf(document.uri, ({ budget, shown }) => budget?.limit === 123 && shown);
      deepEqual(messages, []);
    } finally {
      await vscode.workspace.fs.rename(rootFile("promptls.off"), rootFile("promptls.toml"));
    }
  });

  test("a nearer promptls.toml is named, and opened", async () => {
    const document = await openFile("docs/nearer.md", "Text.\n");
    await summaryOf(document.uri, ({ model }) => model === "gpt-4o");
    const { messages } = await choose([{ pick: "$(hubot)" }, { pick: "claude-" }, { pick: "For the folder" }], "Open");
    match(String(folderSetting("model")), /^claude-/);
    match(messages[0] ?? "", /^promptls\.toml is nearer to the document and decides on the model, not your choice claude-/);
    const editor = await until("the settings file", () =>
      vscode.window.activeTextEditor?.document.uri.path.endsWith("/promptls.toml") === true
        ? vscode.window.activeTextEditor
        : undefined,
    );
    match(editor.document.lineAt(editor.selection.start.line).text, /^model = /);
  });

  test("a nearer directive is named", async () => {
    const document = await openFile("docs/directive.md", "<!-- promptls: budget=50 -->\nText.\n");
    await summaryOf(document.uri, ({ budget }) => budget?.limit === 50);
    const { messages } = await choose([{ pick: "$(dashboard)" }, { write: "60 %" }, { pick: "For all my documents" }]);
    equal(vscode.workspace.getConfiguration("promptls").inspect("budget.document")?.globalValue, "60%");
    match(messages[0] ?? "", /^A directive in this document is nearer/);
  });

  test("there is nothing to take away", async () => {
    await openFile("docs/nothing.md", "Text.\n");
    const { messages } = await choose([{ pick: "$(hubot)" }, { pick: "Use the default" }]);
    deepEqual(messages, ["promptls.toml decides; change it there."]);
  });
});

suite("treating a file as a prompt", () => {
  teardown(async () => {
    await closeAll();
    await forgetSettings();
  });

  test("in a folder, by a rule in its settings", async () => {
    const document = await openFile("quiet.md", "# Quiet\n");
    equal((await connection.summary(document.uri))?.shown, false);
    const { messages } = await answering([], () => treatAsPrompt(connection));
    deepEqual(folderSetting("files"), [{ glob: "/quiet.md" }]);
    match(messages[0] ?? "", /^A rule for \/quiet\.md was added/);
    await summaryOf(document.uri, ({ shown }) => shown);
  });

  test("before it is saved, by a directive", async () => {
    const document = await openUntitled("# Quiet\n");
    await answering([], () => treatAsPrompt(connection));
    equal(document.getText(), "<!-- promptls: dialect=markdown -->\n# Quiet\n");
    await summaryOf(document.uri, ({ shown }) => shown);
  });

  test("what is a prompt already stays as it is", async () => {
    const document = await openFile("prompts/already.md", "# A\n");
    const { messages } = await answering([], () => treatAsPrompt(connection));
    deepEqual(messages, ["This file is treated as a prompt already."]);
    equal(document.isDirty, false);
    equal(folderSetting("files"), undefined);
  });
});

suite("the other commands", () => {
  teardown(closeAll);

  test("copy the rendered prompt", async () => {
    await writeFile("prompts/part.md", "brought in");
    const document = await openFile("prompts/whole.md", "---\nname: x\n---\nIt is @file:part.md here.\n");
    await summaryOf(document.uri, ({ expandedTokens }) => expandedTokens !== null);
    const { messages } = await answering([], () => copyRenderedPrompt(connection));
    equal(await vscode.env.clipboard.readText(), "It is brought in here.\n");
    match(messages[0] ?? "", /^The rendered prompt was copied: \d+ tokens\.$/);
  });

  test("report the status without the home folder and without values", async () => {
    const configuration = vscode.workspace.getConfiguration("promptls");
    await configuration.update("vars", { secret: "s3cret" }, vscode.ConfigurationTarget.Global);
    try {
      await vscode.commands.executeCommand("promptls.reportStatus");
      const text = vscode.window.activeTextEditor?.document.getText() ?? "";
      const { version } = vscode.extensions.getExtension("promptls.promptls")!.packageJSON as { version: string };
      for (const line of [`- Extension: ${version}`, "- Server: running", "- promptls.vars: user"]) {
        ok(text.split("\n").includes(line), `${line} is not in\n${text}`);
      }
      match(text, /^- Version: \d/m);
      ok(!text.includes("s3cret"));
      ok(!text.includes(`${homedir()}/`));
    } finally {
      await configuration.update("vars", undefined, vscode.ConfigurationTarget.Global);
    }
  });

  test("open a sample that is a prompt", async () => {
    await vscode.commands.executeCommand("promptls.openSample");
    const document = vscode.window.activeTextEditor!.document;
    equal(document.isUntitled, true);
    equal(document.languageId, "markdown");
    const summary = await summaryOf(document.uri, ({ shown, tokens }) => shown && tokens !== null);
    ok((summary.tokens ?? 0) > 0);
  });
});

function rootFile(name: string): vscode.Uri {
  return vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);
}
