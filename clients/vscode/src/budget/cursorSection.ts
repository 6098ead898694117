/** Selects the section under the cursor in the view. */
import * as vscode from "vscode";
import type { BudgetTree } from "./budgetTree";
import type { FollowedDocument } from "./followedDocument";
import type { BudgetNode } from "./nodes";

/** Milliseconds for which the cursor has to stand still. */
const DELAY = 250;

/** Follows the cursor of the active editor, without taking its focus. */
export class CursorSection implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The item that was selected last: it is left alone while the cursor moves within its section. */
  private selected: string | undefined;

  constructor(
    private readonly document: FollowedDocument,
    private readonly tree: BudgetTree,
    private readonly view: vscode.TreeView<BudgetNode>,
  ) {
    this.subscription = vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
      if (textEditor.document === document.current) {
        this.follow();
      }
    });
  }

  /** Select the section when the cursor stands still, if it is another one than before. */
  follow(): void {
    clearTimeout(this.timer);
    if (this.view.visible) {
      this.timer = setTimeout(() => void this.select(), DELAY);
    }
  }

  /** Somebody has selected an item with this section around its place. */
  leave(section: string | undefined): void {
    this.selected = section;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscription.dispose();
  }

  private async select(): Promise<void> {
    const position = this.document.editor?.selection.active;
    const uri = this.tree.model?.report.uri;
    const isShown = uri !== undefined && vscode.Uri.parse(uri).toString() === this.document.current?.uri.toString();
    const node = position === undefined || !isShown ? undefined : this.tree.model?.sectionAt(position);
    if (node === undefined || node.id === this.selected || !this.view.visible) {
      return;
    }
    this.selected = node.id;
    try {
      await this.view.reveal(node, { select: true, focus: false });
    } catch {
      // A newer report has come meanwhile, in which the section may be another one.
      this.selected = undefined;
    }
  }
}
