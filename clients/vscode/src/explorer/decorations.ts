/** Marks prompt files over or near their budget in the explorer, open or not. */
import * as vscode from "vscode";
import { RepeatedWork } from "../repeatedWork";
import type { Connection } from "../client/connection";
import { settings } from "../settings";
import { changesBetween, figuresOf, type Standing, standingsOf } from "./standings";

/** Milliseconds in which changes are taken together. */
const DELAY = 1_000;
/** Nothing is asked for this many times as long as the last answer took. */
const REST = 10;
/** Milliseconds of that at most. */
const LONGEST_REST = 30_000;
/** Milliseconds between two questions while the server still looks at documents; more each time. */
const INCOMPLETE_DELAY = 2_000;
const INCOMPLETE_DELAY_MAX = 60_000;

/** Decorate files while the server runs and the setting `promptls.explorer.decorations` is on. */
export function registerExplorerDecorations(connection: Connection): vscode.Disposable {
  const decorations = new ExplorerDecorations(connection);
  return vscode.Disposable.from(decorations, vscode.window.registerFileDecorationProvider(decorations));
}

export class ExplorerDecorations implements vscode.FileDecorationProvider, vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<vscode.Uri[]>();
  private readonly work = new RepeatedWork(() => this.refresh(), { delay: DELAY, rest: REST, longestRest: LONGEST_REST });
  private readonly subscriptions: vscode.Disposable;
  /** By URI as the editor writes it. */
  private standings = new Map<string, Standing>();
  private incompleteDelay = INCOMPLETE_DELAY;
  private incompleteTimer: ReturnType<typeof setTimeout> | undefined;

  readonly onDidChangeFileDecorations = this.emitter.event;

  constructor(private readonly connection: Connection) {
    this.subscriptions = vscode.Disposable.from(
      this.emitter,
      this.work,
      connection.onDidChangeState(() => {
        this.startAnew();
      }),
      connection.onDidChangeReport(() => {
        this.work.ask();
      }),
      // The server tells of documents that are not open by their findings only.
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        if (uris.some((uri) => this.concerns(uri))) {
          this.work.ask();
        }
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.startAnew();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("promptls")) {
          this.startAnew();
        }
      }),
    );
    this.startAnew();
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    const standing = this.standings.get(uri.toString());
    return standing === undefined ? undefined : decorationOf(standing);
  }

  dispose(): void {
    clearTimeout(this.incompleteTimer);
    this.subscriptions.dispose();
  }

  private startAnew(): void {
    this.incompleteDelay = INCOMPLETE_DELAY;
    if (!settings.explorerDecorations || this.connection.state === "stopped" || this.connection.state === "failed") {
      clearTimeout(this.incompleteTimer);
      this.put(new Map());
    } else if (this.connection.state === "running") {
      this.work.ask();
    }
  }

  private async refresh(): Promise<void> {
    clearTimeout(this.incompleteTimer);
    if (!this.isWanted()) {
      return;
    }
    const report = await this.connection.workspaceReport();
    if (report === undefined || !this.isWanted()) {
      return;
    }
    const standings = standingsOf(report);
    this.put(new Map([...standings].map(([uri, standing]) => [this.connection.toUri(uri).toString(), standing])));
    if (report.complete) {
      this.incompleteDelay = INCOMPLETE_DELAY;
    } else {
      this.incompleteTimer = setTimeout(() => {
        this.work.ask();
      }, this.incompleteDelay);
      // Some workspaces are too large to be looked at whole: they never are complete.
      this.incompleteDelay = Math.min(this.incompleteDelay * 2, INCOMPLETE_DELAY_MAX);
    }
  }

  private isWanted(): boolean {
    return settings.explorerDecorations && this.connection.state === "running";
  }

  private put(standings: Map<string, Standing>): void {
    const changed = changesBetween(this.standings, standings);
    this.standings = standings;
    if (changed.length > 0) {
      this.emitter.fire(changed.map((uri) => vscode.Uri.parse(uri)));
    }
  }

  private concerns(uri: vscode.Uri): boolean {
    return (
      this.standings.has(uri.toString()) ||
      vscode.languages.getDiagnostics(uri).some(({ source }) => source === "promptls")
    );
  }
}

/** `B` stands for budget, as `M` does for modified; the tooltip says it in full. */
function decorationOf(standing: Standing): vscode.FileDecoration {
  const [used, share, limit] = figuresOf(standing);
  const tooltip = vscode.l10n.t("{0} tokens, {1} of its budget of {2}", used, share, limit);
  const isOver = standing.level === "exceeded";
  const decoration = new vscode.FileDecoration(
    isOver ? "B!" : "B",
    tooltip,
    new vscode.ThemeColor(isOver ? "promptls.overBudget" : "promptls.nearBudget"),
  );
  decoration.propagate = isOver;
  return decoration;
}
