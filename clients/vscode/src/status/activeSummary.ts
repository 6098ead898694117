/** The figures of the document in the active editor, asked for once for all that show them. */
import * as vscode from "vscode";
import type { Connection } from "../client/connection";
import { isCounted } from "../documents";
import type { Summary } from "../protocol";

export interface Active {
  /** Undefined where no editor is active, or one whose document is not counted. */
  document: vscode.TextDocument | undefined;
  /** The newest figures of this document; undefined before the first answer, or without one. */
  summary: Summary | undefined;
  /** The newest of its figures that had been counted. */
  counted: Summary | undefined;
  /** Whether the server is still to give its first answer for this document. */
  waits: boolean;
}

const NOTHING: Active = { document: undefined, summary: undefined, counted: undefined, waits: false };

class ActiveSummary {
  private readonly subscriptions: vscode.Disposable[];
  private readonly listeners = new Set<(active: Active) => void>();
  private active = NOTHING;
  private asking = false;
  /** How often figures were wanted; those that were while they were asked for are asked for once more. */
  private wanted = 0;

  constructor(private readonly connection: Connection) {
    this.subscriptions = [
      vscode.window.onDidChangeActiveTextEditor(() => {
        this.follow();
      }),
      // A change of language closes a document and opens it again under the same URI.
      vscode.workspace.onDidOpenTextDocument(({ uri }) => {
        this.refresh(uri);
      }),
      connection.onDidChangeReport((uri) => {
        this.refresh(uri);
      }),
      connection.onDidChangeState(() => {
        this.tell();
        void this.ask();
      }),
    ];
    this.follow();
  }

  add(listener: (active: Active) => void): void {
    this.listeners.add(listener);
    listener(this.active);
  }

  /** Gives whether anybody still listens. */
  remove(listener: (active: Active) => void): boolean {
    this.listeners.delete(listener);
    return this.listeners.size > 0;
  }

  dispose(): void {
    this.subscriptions.forEach((subscription) => {
      subscription.dispose();
    });
  }

  private follow(): void {
    const document = vscode.window.activeTextEditor?.document;
    const counted = document !== undefined && isCounted(document) ? document : undefined;
    if (counted !== this.active.document) {
      this.active = { ...NOTHING, document: counted, waits: counted !== undefined };
      this.tell();
      void this.ask();
    }
  }

  private refresh(uri: vscode.Uri): void {
    if (uri.toString() === this.active.document?.uri.toString()) {
      void this.ask();
    }
  }

  /** Ask for the figures, for one answer at a time. */
  private async ask(): Promise<void> {
    this.wanted += 1;
    if (this.asking) {
      return;
    }
    this.asking = true;
    try {
      for (let met = 0; met !== this.wanted; ) {
        met = this.wanted;
        await this.askOnce();
      }
    } finally {
      this.asking = false;
    }
  }

  private async askOnce(): Promise<void> {
    const { document } = this.active;
    if (document === undefined || this.connection.state !== "running") {
      return;
    }
    const summary = await this.connection.summary(document.uri);
    if (document !== this.active.document) {
      return;
    }
    const { summary: shown, counted } = this.active;
    if (summary === undefined) {
      this.active = { ...this.active, waits: false };
    } else if ((summary.version ?? 0) >= (shown?.version ?? 0)) {
      this.active = { document, summary, counted: summary.tokens === null ? counted : summary, waits: false };
    }
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) {
      listener(this.active);
    }
  }
}

const shared = new WeakMap<Connection, ActiveSummary>();

/**
 * Be told of the active document's figures: now, when they change, when another editor is active,
 * and when the server's state changes.
 */
export function onActiveSummary(connection: Connection, listener: (active: Active) => void): vscode.Disposable {
  const summary = shared.get(connection) ?? new ActiveSummary(connection);
  shared.set(connection, summary);
  summary.add(listener);
  return new vscode.Disposable(() => {
    if (!summary.remove(listener)) {
      summary.dispose();
      shared.delete(connection);
    }
  });
}
