/** The rendered preview: its command, its panels, and which document each of them shows. */
import * as vscode from "vscode";
import type { Connection } from "../client/connection";
import { isCounted } from "../documents";
import { readState } from "./messages";
import { pageRoot } from "./pageHtml";
import { Preview } from "./preview";

export const VIEW_TYPE = "promptls.preview";

/** Register the command `promptls.openPreview`, and bring back the previews of the last session. */
export function registerPreview(extensionUri: vscode.Uri, connection: Connection): vscode.Disposable {
  const previews = new Previews(extensionUri, connection);
  return vscode.Disposable.from(
    previews,
    vscode.commands.registerCommand("promptls.openPreview", (uri?: unknown) => {
      previews.open(uri instanceof vscode.Uri ? uri : undefined);
    }),
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      deserializeWebviewPanel(panel, state) {
        previews.restore(panel, state);
        return Promise.resolve();
      },
    }),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (editor !== undefined && isCounted(editor.document)) {
        void previews.follow(editor.document.uri);
      }
    }),
    connection.onDidChangeReport((uri) => {
      if (previews.awaits(uri)) {
        void previews.follow(uri);
      }
    }),
  );
}

class Previews implements vscode.Disposable {
  private readonly all = new Set<Preview>();
  /** The document of the active editor, while the server does not know yet whether it is a prompt. */
  private awaited: string | undefined;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly connection: Connection,
  ) {}

  /** Show a document, or that of the active editor: where it is shown already, in the panel that follows, or in a new one. */
  open(wanted: vscode.Uri | undefined): void {
    const document = vscode.window.activeTextEditor?.document;
    const uri = wanted ?? (document !== undefined && isCounted(document) ? document.uri : undefined);
    if (uri === undefined) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t("Open a prompt in an editor first; its rendered form is then shown beside it."),
      );
      return;
    }
    const previews = [...this.all];
    const found = previews.find((preview) => preview.isShown(uri)) ?? previews.find((preview) => !preview.locked);
    if (found !== undefined) {
      found.show(uri);
      found.panel.reveal(undefined, true);
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      VIEW_TYPE,
      "",
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableFindWidget: true, enableScripts: true, localResourceRoots: [pageRoot(this.extensionUri)] },
    );
    this.add(panel, { uri: uri.toString(), locked: false });
  }

  /** Bring back a panel after the window was reloaded. */
  restore(panel: vscode.WebviewPanel, kept: unknown): void {
    const state = readState(kept);
    if (state === undefined) {
      panel.dispose();
    } else {
      this.add(panel, state);
      const active = vscode.window.activeTextEditor?.document;
      if (active !== undefined && isCounted(active)) {
        void this.follow(active.uri);
      }
    }
  }

  /** Show the document of the active editor in the panel that is not locked, where it is a prompt. */
  async follow(uri: vscode.Uri): Promise<void> {
    const isFollower = (preview: Preview): boolean =>
      !preview.locked && !preview.isShown(uri) && preview.opened?.toString() !== uri.toString();
    this.awaited = undefined;
    if (![...this.all].some(isFollower)) {
      return;
    }
    const summary = await this.connection.summary(uri);
    if (vscode.window.activeTextEditor?.document.uri.toString() !== uri.toString()) {
      return;
    }
    if (summary === undefined) {
      this.awaited = uri.toString();
    } else if (summary.shown) {
      [...this.all].find(isFollower)?.show(uri);
    }
  }

  awaits(uri: vscode.Uri): boolean {
    return this.awaited === uri.toString();
  }

  private add(panel: vscode.WebviewPanel, state: { uri: string; locked: boolean }): void {
    const preview = new Preview(panel, this.connection, this.extensionUri, state);
    this.all.add(preview);
    panel.onDidDispose(() => {
      this.all.delete(preview);
      preview.dispose();
    });
  }

  dispose(): void {
    for (const preview of this.all) {
      preview.panel.dispose();
    }
  }
}
