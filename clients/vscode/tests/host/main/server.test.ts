import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import * as vscode from "vscode";
import type { PromptlsClient } from "../../../src/client/languageClient";
import { runningConnection, until, writeFile } from "./waiting";

/** The labels of the hints in a document. */
async function hints(uri: vscode.Uri): Promise<string[]> {
  const everything = new vscode.Range(0, 0, 10_000, 0);
  const found = await vscode.commands.executeCommand<vscode.InlayHint[]>("vscode.executeInlayHintProvider", uri, everything);
  return found.map(({ label }) => (typeof label === "string" ? label : label.map(({ value }) => value).join("")));
}

function codes(uri: vscode.Uri): string[] {
  return vscode.languages
    .getDiagnostics(uri)
    .map(({ code }) => String(typeof code === "object" ? code.value : code))
    .sort();
}

async function hintsThat(uri: vscode.Uri, expected: RegExp[]): Promise<string[]> {
  return await until(`hints like ${expected.join(", ")}`, async () => {
    const found = await hints(uri);
    return found.length === expected.length && expected.every((one, place) => one.test(found[place]!)) ? found : undefined;
  });
}

async function codesThatAre(uri: vscode.Uri, expected: string[]): Promise<void> {
  await until(`findings ${expected.join(", ") || "that are gone"}, not ${codes(uri).join(", ")}`, () =>
    codes(uri).join() === expected.join() ? true : undefined,
  );
}

async function typed(document: vscode.TextDocument, range: vscode.Range, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, text);
  ok(await vscode.workspace.applyEdit(edit));
}

suite("the server behind the editor", () => {
  let client: Pick<PromptlsClient, keyof PromptlsClient>;

  suiteSetup(async () => {
    client = (await runningConnection()) as PromptlsClient;
  });

  teardown(async () => {
    const configuration = vscode.workspace.getConfiguration("promptls");
    await configuration.update("budget.section", undefined, vscode.ConfigurationTarget.Workspace);
    await configuration.update("hints.sections", undefined, vscode.ConfigurationTarget.Workspace);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  test("hints and findings appear, follow edits and go", async () => {
    const uri = await writeFile("prompts/server-test.md", "<!-- promptls: model=gpt-4o budget=1000 -->\n# One\n\nhello\n");
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const before = await hintsThat(uri, [/tok/, /^\d+ tok/]);
    await codesThatAre(uri, []);
    await typed(document, new vscode.Range(3, 0, 3, 5), "hello @file:nowhere.md " + "word ".repeat(20));
    await codesThatAre(uri, ["reference/not-found"]);
    const after = await hintsThat(uri, [/tok/, /^\d+ tok/, /^not found$/]);
    notEqual(after[1], before[1]);
    await typed(document, new vscode.Range(3, 0, 3, 500), "hello");
    await codesThatAre(uri, []);
    deepEqual(await hintsThat(uri, [/tok/, /^\d+ tok/]), before);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  test("settings take effect without a restart", async () => {
    const uri = await writeFile("docs/plain.md", "@var:harbours\n\n# One\n\nhello world, how are you today\n");
    await vscode.window.showTextDocument(uri);
    await hintsThat(uri, [/tok/, /tok/, /tok/]);
    const process = (await client.status())!.executable;
    const configuration = vscode.workspace.getConfiguration("promptls");
    await configuration.update("budget.section", 5, vscode.ConfigurationTarget.Workspace);
    await hintsThat(uri, [/of 5/, /tok/, /of 5/]);
    await until("a finding", () => (codes(uri).includes("budget/section-exceeded") ? true : undefined));
    await configuration.update("hints.sections", false, vscode.ConfigurationTarget.Workspace);
    await hintsThat(uri, [/tok/]);
    await configuration.update("hints.sections", undefined, vscode.ConfigurationTarget.Workspace);
    await configuration.update("budget.section", undefined, vscode.ConfigurationTarget.Workspace);
    await hintsThat(uri, [/^\d+ tok(?!.*of 5)/, /tok/, /^\d+ tok(?!.*of 5)/]);
    await until("no finding", () => (codes(uri).includes("budget/section-exceeded") ? undefined : true));
    equal((await client.status())!.executable, process);
  });

  test("what VS Code declares as a default is not sent as set", async () => {
    const uri = await writeFile("prompts/defaults.md", "# One\n");
    await vscode.window.showTextDocument(uri);
    // promptls.toml of the examples sets the model; a default that was sent would not, but null might.
    equal((await until("figures", () => client.summary(uri))).model, "gpt-4o");
  });

  test("a server that is killed comes back, and knows what was edited meanwhile", async () => {
    const uri = await writeFile("prompts/killed.md", "# One\n\nhello\n");
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    await hintsThat(uri, [/tok/]);
    const states: string[] = [];
    const subscription = client.onDidChangeState((state) => states.push(state));
    const { serverProcess } = client;
    ok(serverProcess?.pid !== undefined);
    process.kill(serverProcess.pid, "SIGKILL");
    await until("the end of the server", () => (client.state === "running" ? undefined : true));
    await typed(document, new vscode.Range(2, 0, 2, 5), "typed while nobody listened");
    await until("another server", () => (client.state === "running" ? true : undefined));
    subscription.dispose();
    deepEqual(states, ["starting", "running"]);
    notEqual(client.serverProcess?.pid, serverProcess.pid);
    const rendering = await until("the text in the server", () => client.render(uri));
    equal(rendering.text, document.getText());
    await hintsThat(uri, [/tok/]);
  });

  test("a machine setting restarts the server by itself", async () => {
    const before = client.serverProcess?.pid;
    const configuration = vscode.workspace.getConfiguration("promptls");
    await configuration.update("engine", "tiktoken", vscode.ConfigurationTarget.Global);
    await until("another server", () =>
      client.state === "running" && client.serverProcess?.pid !== before ? true : undefined,
    );
    equal((await client.status())!.engine, "tiktoken");
    await configuration.update("engine", undefined, vscode.ConfigurationTarget.Global);
    await until("the server", () => (client.state === "running" ? true : undefined));
  });

  test("a command restarts it", async () => {
    const before = client.serverProcess?.pid;
    await vscode.commands.executeCommand("promptls.restartServer");
    await until("another server", () =>
      client.state === "running" && client.serverProcess?.pid !== before ? true : undefined,
    );
  });
});
