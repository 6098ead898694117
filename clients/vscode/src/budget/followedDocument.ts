/** The document that a view is about: the one last edited, as long as it is open. */
import * as vscode from "vscode";
import { isCounted } from "../documents";

/** Follows the active editor; focus in a terminal or a preview leaves the last document in place. */
export class FollowedDocument implements vscode.Disposable {
  private followed: vscode.TextDocument | undefined;
  private readonly emitter = new vscode.EventEmitter<vscode.TextDocument | undefined>();
  private readonly subscriptions: vscode.Disposable;

  readonly onDidChange = this.emitter.event;

  constructor() {
    this.follow(vscode.window.activeTextEditor);
    this.subscriptions = vscode.Disposable.from(
      this.emitter,
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        this.follow(editor);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (document === this.followed) {
          this.leave();
        }
      }),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        // The editor keeps a document for a while after its tab has gone.
        if (closed.length > 0 && this.followed !== undefined && !isInTab(this.followed.uri)) {
          this.leave();
        }
      }),
    );
  }

  get current(): vscode.TextDocument | undefined {
    return this.followed;
  }

  /** Its editor, if it is the one that is active. */
  get editor(): vscode.TextEditor | undefined {
    const editor = vscode.window.activeTextEditor;
    return editor !== undefined && editor.document === this.followed ? editor : undefined;
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private follow(editor: vscode.TextEditor | undefined): void {
    if (editor !== undefined && isCounted(editor.document) && editor.document !== this.followed) {
      this.followed = editor.document;
      this.emitter.fire(this.followed);
    }
  }

  private leave(): void {
    this.followed = undefined;
    this.follow(vscode.window.activeTextEditor);
    if (this.current === undefined) {
      this.emitter.fire(undefined);
    }
  }
}

function isInTab(uri: vscode.Uri): boolean {
  const wanted = uri.toString();
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .some(({ input }) => {
      const shown =
        input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom
          ? input.uri
          : input instanceof vscode.TabInputTextDiff
            ? input.modified
            : undefined;
      return shown?.toString() === wanted;
    });
}
