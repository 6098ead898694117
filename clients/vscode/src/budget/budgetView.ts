/** The view "Prompt Budget": what each section and reference of the document at hand costs. */
import * as vscode from "vscode";
import type { Connection } from "../client/connection";
import type { Report, Summary } from "../protocol";
import { canTreatAsPrompt } from "../status/contextKeys";
import { BudgetTree, GO_TO } from "./budgetTree";
import { CursorSection } from "./cursorSection";
import { FollowedDocument } from "./followedDocument";
import { modelOf } from "./model";
import type { BudgetNode } from "./nodes";
import { registerReferenceCommands } from "./references";
import { RepeatedWork } from "../repeatedWork";

const VIEW = "promptls.budget";
/** Milliseconds in which events are taken together. */
const DELAY = 50;
/** The view asks for nothing this many times as long as its last answer took. */
const REST = 9;
/** Milliseconds of that at most. */
const LONGEST_REST = 30_000;
/** Milliseconds after which another document's figures go although the new ones are not there. */
const SLOW = 300;
/** Milliseconds after which a document without an answer is asked for again, and how often. */
const RETRY_DELAY = 1_000;
const RETRIES_MAX = 5;

/** What the view shows of a document. */
interface Answer {
  report: Report;
  /** It is no prompt. */
  isQuiet: boolean;
  canTreat: boolean;
}

/** Make the view and its commands; it asks for nothing while it is hidden. */
export function registerBudgetView(connection: Connection): vscode.Disposable {
  const tree = new BudgetTree();
  const view = vscode.window.createTreeView(VIEW, { treeDataProvider: tree, showCollapseAll: true });
  return vscode.Disposable.from(
    tree,
    view,
    new BudgetView(connection, tree, view),
    registerReferenceCommands(connection),
  );
}

class BudgetView implements vscode.Disposable {
  private readonly document = new FollowedDocument();
  private readonly work = new RepeatedWork(() => this.refresh(), { delay: DELAY, rest: REST, longestRest: LONGEST_REST });
  private readonly subscriptions: vscode.Disposable;
  private asking: vscode.CancellationTokenSource | undefined;
  private retries = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly cursor: CursorSection;

  constructor(
    private readonly connection: Connection,
    private readonly tree: BudgetTree,
    private readonly view: vscode.TreeView<BudgetNode>,
  ) {
    this.cursor = new CursorSection(this.document, tree, view);
    this.subscriptions = vscode.Disposable.from(
      this.document,
      this.cursor,
      this.work,
      this.document.onDidChange(() => {
        this.startAnew();
      }),
      view.onDidChangeVisibility(() => {
        this.startAnew();
      }),
      connection.onDidChangeState(() => {
        this.startAnew();
      }),
      connection.onDidChangeReport((uri) => {
        if (view.visible && uri.toString() === this.document.current?.uri.toString()) {
          this.work.ask();
        }
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (view.visible && event.affectsConfiguration("promptls")) {
          this.work.ask();
        }
      }),
      vscode.commands.registerCommand(GO_TO, (uri: string, id: string) => this.goTo(uri, id)),
    );
    this.work.askNow();
  }

  dispose(): void {
    this.asking?.cancel();
    clearTimeout(this.retryTimer);
    this.subscriptions.dispose();
  }

  private startAnew(): void {
    this.asking?.cancel();
    this.retries = 0;
    this.work.askNow();
  }

  private async refresh(): Promise<void> {
    if (!this.view.visible) {
      // Nobody would keep its number right.
      this.view.badge = undefined;
      return;
    }
    const document = this.document.current;
    if (document === undefined) {
      this.show(undefined);
      return;
    }
    if (this.connection.state !== "running") {
      this.view.message = this.stateText();
      return;
    }
    this.asking?.dispose();
    const { token } = (this.asking = new vscode.CancellationTokenSource());
    const answer = await this.ask(document, token);
    if (token.isCancellationRequested || document !== this.document.current) {
      return;
    }
    if (answer !== undefined) {
      this.show(answer);
    }
    if (answer !== undefined && answer.report.tokens !== null) {
      this.retries = 0;
    } else if (!this.retry() && answer === undefined) {
      assign(this.view, "message", vscode.l10n.t("There are no figures for {0}.", nameOf(document.uri)));
    }
  }

  /** The figures of a document, and its parts where there is something to say of them. */
  private async ask(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<Answer | undefined> {
    let figures: Answer | undefined;
    // Until the first answer, the parts of another document would stand below this one's name.
    const slow = this.isShown(document) ? undefined : setTimeout(() => {
      this.showWaiting(document, figures);
    }, SLOW);
    try {
      const summary = await this.connection.summary(document.uri, token);
      if (summary === undefined) {
        return undefined;
      }
      const isQuiet = !summary.shown;
      figures = { report: withoutParts(summary), isQuiet, canTreat: canTreatAsPrompt(document.languageId, summary) };
      if (this.tree.model === undefined) {
        this.showWaiting(document, figures);
      }
      // While a large document is counted, a report costs much and says little; the last try finds out why.
      if (isQuiet || (summary.tokens === null && this.retries !== RETRIES_MAX)) {
        return figures;
      }
      const report = await this.connection.report(document.uri, token);
      return report === undefined ? undefined : { ...figures, report };
    } finally {
      clearTimeout(slow);
    }
  }

  /** Ask again: the server does not know the document yet, or its settings, or still counts. False: enough of it. */
  private retry(): boolean {
    if (this.retries > RETRIES_MAX) {
      return false;
    }
    this.retries += 1;
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => {
      this.work.ask();
    }, RETRY_DELAY);
    return true;
  }

  private showWaiting(document: vscode.TextDocument, figures: Answer | undefined): void {
    if (document !== this.document.current) {
      return;
    }
    if (figures !== undefined) {
      this.show(figures);
      return;
    }
    this.tree.show(undefined);
    this.view.badge = undefined;
    assign(this.view, "description", nameOf(document.uri));
    assign(this.view, "message", vscode.l10n.t("Counting…"));
  }

  private show(answer: Answer | undefined): void {
    const shown = this.tree.model;
    const report = answer?.report;
    const isOther = report?.uri !== shown?.report.uri;
    if (report === undefined) {
      this.tree.show(undefined);
    } else if (isOther || !isOlder(report, shown?.report)) {
      this.tree.show(modelOf(report, shown), answer?.canTreat);
    }
    const name = report === undefined ? "" : nameOf(this.connection.toUri(report.uri));
    const quiet = answer?.isQuiet === true ? vscode.l10n.t("{0} is not treated as a prompt.", name) : undefined;
    assign(this.view, "description", name);
    assign(this.view, "message", quiet ?? this.stateText());
    this.view.badge = badgeOf(this.tree.model?.report, name);
    if (isOther) {
      this.cursor.leave(undefined);
    }
    this.cursor.follow();
  }

  private stateText(): string {
    switch (this.connection.state) {
      case "running":
        return "";
      case "starting":
        return vscode.l10n.t("The language server is starting…");
      case "stopped":
      case "failed":
        return vscode.l10n.t("The language server is not running. “promptls: Show Log” tells why.");
    }
  }

  private async goTo(uri: string, id: string): Promise<void> {
    const { model } = this.tree;
    const range = model?.report.uri === uri ? model.rangeOf(id) : undefined;
    if (model === undefined || range === undefined) {
      return;
    }
    // The item that was clicked stays selected.
    this.cursor.leave(model.sectionAt(range.start)?.id);
    const target = this.connection.toUri(uri);
    const column = vscode.window.visibleTextEditors.find(
      ({ document }) => document.uri.toString() === target.toString(),
    )?.viewColumn;
    await vscode.window.showTextDocument(target, {
      selection: this.connection.toRange(range),
      ...(column === undefined ? {} : { viewColumn: column }),
    });
  }

  private isShown(document: vscode.TextDocument | undefined): boolean {
    const shown = this.tree.model?.report.uri;
    return shown !== undefined && this.connection.toUri(shown).toString() === document?.uri.toString();
  }
}

/** A document that is no prompt has figures, but no parts to speak of. */
function withoutParts(summary: Summary): Report {
  return { ...summary, framing: null, sections: [], references: [], findings: [] };
}

/** Whether an answer was overtaken by one that is shown. */
function isOlder(report: Report, shown: Report | undefined): boolean {
  return (report.version ?? 0) < (shown?.version ?? 0);
}

function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf("/") + 1);
}

function badgeOf(report: Report | undefined, name: string): vscode.ViewBadge | undefined {
  const value = (report?.findings ?? []).filter(({ severity }) => severity === "error" || severity === "warning").length;
  return value === 0 ? undefined : { value, tooltip: vscode.l10n.t("{0}: {1} errors and warnings", name, value) };
}

/** Leave alone what is the same: each assignment goes to the window. */
function assign(view: vscode.TreeView<BudgetNode>, key: "description" | "message", value: string): void {
  if ((view[key] ?? "") !== value) {
    view[key] = value;
  }
}
