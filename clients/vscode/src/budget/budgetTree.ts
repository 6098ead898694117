/** The items of the view, made from the report that it shows. */
import * as vscode from "vscode";
import { iconOf } from "./icons";
import type { BudgetModel } from "./model";
import type { BudgetNode } from "./nodes";
import { tooltipOf } from "./tooltip";
import { type Row, rowOf } from "./wording";

/** Jumps to the place of an item; takes the document's URI and the item's id. */
export const GO_TO = "promptls.budget.goTo";

/** Sections of a document up to which those below the outermost are shown from the start. */
const EXPANDED_MAX = 200;

export class BudgetTree implements vscode.TreeDataProvider<BudgetNode>, vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<undefined>();
  private shown: BudgetModel | undefined;
  private canTreat = false;
  /** Decided when a document comes into view: later it would close what somebody reads. */
  private isExpanded = false;

  readonly onDidChangeTreeData = this.emitter.event;

  get model(): BudgetModel | undefined {
    return this.shown;
  }

  /** Show another report; `canTreat`: offer to treat the document as a prompt. */
  show(model: BudgetModel | undefined, canTreat = false): void {
    if (model === undefined && this.shown === undefined) {
      return;
    }
    const before = this.shown?.report;
    if (model !== undefined && (model.report.uri !== before?.uri || before.sections.length === 0)) {
      this.isExpanded = model.report.sections.length <= EXPANDED_MAX;
    }
    this.shown = model;
    this.canTreat = canTreat;
    this.emitter.fire(undefined);
  }

  getChildren(node?: BudgetNode): BudgetNode[] {
    if (this.shown === undefined) {
      return [];
    }
    if (node !== undefined) {
      return this.shown.children(node);
    }
    return this.canTreat ? [...this.shown.roots(), { kind: "treatAsPrompt", id: "treatAsPrompt" }] : this.shown.roots();
  }

  getParent(node: BudgetNode): BudgetNode | undefined {
    return this.shown?.parent(node);
  }

  getTreeItem(node: BudgetNode): vscode.TreeItem {
    const report = this.shown?.report;
    const row: Row = rowOf(node, report ?? { accuracy: "exact" });
    const item = new vscode.TreeItem(row.label, this.collapsibleState(node));
    item.id = `${report?.uri ?? ""}\n${node.id}`;
    item.description = row.description;
    item.iconPath = iconOf(node);
    item.accessibilityInformation = { label: row.spoken, role: "treeitem" };
    const contextValue = contextValueOf(node);
    if (contextValue !== undefined) {
      item.contextValue = contextValue;
    }
    if (node.kind === "treatAsPrompt") {
      const arguments_ = report === undefined ? [] : [vscode.Uri.parse(report.uri)];
      item.command = { command: "promptls.treatAsPrompt", title: row.label, arguments: arguments_ };
    } else if (node.kind !== "references" && node.kind !== "more") {
      item.command = { command: GO_TO, title: vscode.l10n.t("Go to"), arguments: [report?.uri, node.id] };
    }
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, node: BudgetNode): vscode.TreeItem {
    item.tooltip = tooltipOf(node, this.shown?.report ?? { accuracy: "exact" });
    return item;
  }

  dispose(): void {
    this.emitter.dispose();
  }

  private collapsibleState(node: BudgetNode): vscode.TreeItemCollapsibleState {
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    switch (node.kind) {
      case "section":
        return node.nests ? (this.isExpanded ? Expanded : Collapsed) : None;
      case "references":
        return Expanded;
      case "document":
      case "reference":
      case "more":
      case "treatAsPrompt":
        return None;
    }
  }
}

/** What the menus of package.json ask for. */
function contextValueOf(node: BudgetNode): string | undefined {
  if (node.kind !== "reference") {
    return undefined;
  }
  return isFile(node.reference.resolvedUri) ? "reference.file" : "reference";
}

/** Whether a reference names something on disk. */
export function isFile(uri: string | null): uri is string {
  return uri?.startsWith("file:") ?? false;
}
