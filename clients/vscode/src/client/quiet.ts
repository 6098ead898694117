/** Asking for diagnostics only when typing has paused. */
import * as vscode from "vscode";

/** Milliseconds without an edit, as the server's own setting `debounce` has by default. */
const PAUSE = 150;
/** Milliseconds that steady typing can put diagnostics off. */
const LONGEST = 1_000;

/** Tells when the documents were edited last. */
export class TypingPause implements vscode.Disposable {
  private readonly edited = new Map<string, number>();
  private readonly firstAsked = new Map<string, number>();
  private readonly subscriptions = [
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) {
        this.edited.set(document.uri.toString(), Date.now());
      }
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      this.edited.delete(uri.toString());
      this.firstAsked.delete(uri.toString());
    }),
  ];

  /** Wait until nobody types in a document, a second at most. Throws CancellationError when cancelled. */
  async wait(uri: vscode.Uri, token: vscode.CancellationToken): Promise<void> {
    const key = uri.toString();
    const first = this.firstAsked.get(key) ?? Date.now();
    this.firstAsked.set(key, first);
    for (;;) {
      const now = Date.now();
      const due = Math.min((this.edited.get(key) ?? 0) + PAUSE, first + LONGEST);
      if (due <= now) {
        this.firstAsked.delete(key);
        return;
      }
      await this.cancellableDelay(due - now, token);
    }
  }

  private async cancellableDelay(milliseconds: number, token: vscode.CancellationToken): Promise<void> {
    if (token.isCancellationRequested) {
      throw new vscode.CancellationError();
    }
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        subscription.dispose();
        resolve();
      }, milliseconds);
      const subscription = token.onCancellationRequested(() => {
        clearTimeout(timer);
        subscription.dispose();
        reject(new vscode.CancellationError());
      });
    });
  }

  dispose(): void {
    this.subscriptions.forEach((subscription) => {
      subscription.dispose();
    });
  }
}
