/** What can be done with a reference in the view. */
import * as vscode from "vscode";
import type { Connection } from "../client/connection";
import { isFile } from "./budgetTree";
import type { BudgetNode } from "./nodes";

/** The commands of the view's menus. */
export function registerReferenceCommands(connection: Connection): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand("promptls.openReferenceTarget", async (node?: BudgetNode) => {
      const target = targetOf(connection, node);
      if (target !== undefined) {
        await open(target);
      }
    }),
    vscode.commands.registerCommand("promptls.copyReferencePath", async (node?: BudgetNode) => {
      const target = targetOf(connection, node);
      if (target !== undefined) {
        await vscode.env.clipboard.writeText(target.fsPath);
      }
    }),
  );
}

function targetOf(connection: Connection, node: BudgetNode | undefined): vscode.Uri | undefined {
  const uri = node?.kind === "reference" ? node.reference.resolvedUri : null;
  return isFile(uri) ? connection.toUri(uri) : undefined;
}

/** Files in an editor, pictures included; folders in the explorer. */
async function open(target: vscode.Uri): Promise<void> {
  try {
    const { type } = await vscode.workspace.fs.stat(target);
    const isFolder = (type & vscode.FileType.Directory) !== 0;
    await vscode.commands.executeCommand(isFolder ? "revealInExplorer" : "vscode.open", target);
  } catch {
    const path = vscode.workspace.asRelativePath(target);
    void vscode.window.showWarningMessage(vscode.l10n.t("“{0}” is not there any more.", path));
  }
}
