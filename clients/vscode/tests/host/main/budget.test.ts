import { deepEqual, equal, match, ok } from "node:assert/strict";
import * as vscode from "vscode";
import { BudgetTree, GO_TO } from "../../../src/budget/budgetTree";
import { modelOf } from "../../../src/budget/model";
import type { BudgetNode } from "../../../src/budget/nodes";
import type { Connection } from "../../../src/client/connection";
import { runningConnection, until, writeFile } from "./waiting";

const TEXT = `<!-- promptls: budget=100 -->
# Small

A few words.

# Large

@file:brought-in.md
@file:nowhere.md

## Nested | *title*

${"Some words of a rule. ".repeat(30)}
`;

/** Rows of the whole tree, indented: label and description. */
function rows(tree: BudgetTree, parent?: BudgetNode, indent = ""): string[] {
  return tree.getChildren(parent).flatMap((node) => {
    const { description } = tree.getTreeItem(node);
    return [`${indent}${labelOf(tree, node)}: ${String(description)}`, ...rows(tree, node, `${indent}  `)];
  });
}

function labelOf(tree: BudgetTree, node: BudgetNode): string {
  const { label } = tree.getTreeItem(node);
  return typeof label === "string" ? label : "";
}

function walk(tree: BudgetTree, parent?: BudgetNode): BudgetNode[] {
  return tree.getChildren(parent).flatMap((node) => [node, ...walk(tree, node)]);
}

suite("the view Prompt Budget", () => {
  let connection: Connection;
  let uri: vscode.Uri;
  let editor: vscode.TextEditor;
  const tree = new BudgetTree();

  suiteSetup(async () => {
    connection = await runningConnection();
    await writeFile("prompts/brought-in.md", "What is brought in.\n");
    uri = await writeFile("prompts/budget.prompt.md", TEXT);
    editor = await vscode.window.showTextDocument(uri);
    const report = await until("references", async () => {
      const found = await connection.report(uri);
      return found?.pending === 0 && found.references.length === 2 ? found : undefined;
    });
    tree.show(modelOf(report));
  });

  suiteTeardown(async () => {
    tree.dispose();
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  /** Goes to an item of the real view once it is there, and gives the line of the cursor. */
  async function lineAfterGoingTo(id: string, line: number): Promise<number> {
    editor.selection = new vscode.Selection(2, 0, 2, 0);
    return await until(`${id} in the view`, async () => {
      await vscode.commands.executeCommand(GO_TO, uri.toString(), id);
      const active = vscode.window.activeTextEditor?.selection.start.line;
      return active === line ? active : undefined;
    });
  }

  test("has the document, the sections by cost, and the references", () => {
    const shape = rows(tree).map((row) => row.replace(/[\d,]+/g, "N").replace(/[█▏▎▍▌▋▊▉░]+/, "BAR"));
    deepEqual(shape, [
      "Total: BAR N · ⚠ N % of N",
      "Large: BAR N · N %",
      "  Nested | *title*: BAR N · N %",
      "Small: BAR N · N %",
      "preamble: BAR N · N %",
      "References: N · N broken",
      "  brought-in.md: BAR N · N %",
      "  nowhere.md: not found",
    ]);
  });

  test("has a label for screen readers and an id of its own on each item", () => {
    const nodes = walk(tree);
    for (const node of nodes) {
      const spoken = tree.getTreeItem(node).accessibilityInformation?.label;
      ok(spoken?.toLowerCase().includes(labelOf(tree, node).toLowerCase()), spoken);
    }
    equal(new Set(nodes.map((node) => tree.getTreeItem(node).id)).size, nodes.length);
  });

  test("says the figures and the reason of a failure on hover, with titles as they are written", () => {
    const tooltip = (label: string): string => {
      const node = walk(tree).find((one) => labelOf(tree, one) === label)!;
      const item = tree.resolveTreeItem(tree.getTreeItem(node), node);
      ok(item.tooltip instanceof vscode.MarkdownString);
      equal(item.tooltip.isTrusted, undefined);
      return item.tooltip.value;
    };
    match(tooltip("Nested | *title*"), /\\\*title\\\*/);
    match(tooltip("Nested | *title*"), /\| As sent \| \d+ \|/);
    match(tooltip("Large"), /\| Without subsections \| \d+ \|/);
    match(tooltip("nowhere.md"), /There is no file/);
    match(tooltip("Total"), /\| Budget \| ⚠ \d+, \d+ % of 100 \|/);
  });

  test("goes to sections, and to references that are broken", async () => {
    await vscode.commands.executeCommand("promptls.budget.focus");
    equal(await lineAfterGoingTo("section:Large", 5), 5);
    equal(await lineAfterGoingTo("reference:file:nowhere.md", 8), 8);
    equal(vscode.window.activeTextEditor?.document.getText(vscode.window.activeTextEditor.selection), "@file:nowhere.md");
  });

  test("follows edits", async () => {
    await vscode.commands.executeCommand("promptls.budget.focus");
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(1, 0), "# New\n\nOne more.\n\n");
    });
    equal(await lineAfterGoingTo("section:New", 1), 1);
    equal(await lineAfterGoingTo("section:Large", 9), 9);
  });

  test("opens what a reference names, and copies its path", async () => {
    const node = walk(tree).find((one) => one.kind === "reference" && one.reference.target === "brought-in.md")!;
    equal(tree.getTreeItem(node).contextValue, "reference.file");
    await vscode.commands.executeCommand("promptls.copyReferencePath", node);
    const target = vscode.Uri.joinPath(uri, "..", "brought-in.md");
    equal(await vscode.env.clipboard.readText(), target.fsPath);
    await vscode.commands.executeCommand("promptls.openReferenceTarget", node);
    await until("the file", () =>
      vscode.window.activeTextEditor?.document.uri.fsPath === target.fsPath ? true : undefined,
    );
  });
});
