/** The status bar item: what the active document costs. */
import * as vscode from "vscode";
import type { Connection } from "../client/connection";
import type { Summary } from "../protocol";
import { settings } from "../settings";
import { type Active, onActiveSummary } from "./activeSummary";
import { canTreatAsPrompt } from "./contextKeys";
import { figuresText, type Level } from "./statusText";
import { type FindingCounts, LINKED_COMMANDS, tooltipMarkdown } from "./tooltip";

/** Right of the place in the text, left of the language. */
const PRIORITY = 100.4;
/** Milliseconds that the item of the editor before stays, rather than flicker, until figures come. */
const PATIENCE = 300;

const BACKGROUNDS: Record<Level, string | undefined> = {
  none: undefined,
  warning: "statusBarItem.warningBackground",
  error: "statusBarItem.errorBackground",
};

interface Look {
  text: string;
  level: Level;
  sentence: string;
  command: string;
  tooltip: string | vscode.MarkdownString;
}

/** Show the tokens and the budget of the active document, and the state of the server. */
export function registerStatusBar(connection: Connection): vscode.Disposable {
  const bar = new StatusBar(connection);
  return vscode.Disposable.from(
    bar,
    onActiveSummary(connection, (active) => {
      bar.show(active);
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("promptls.statusBar")) {
        bar.update();
      }
    }),
    vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      bar.findingsChanged(uris);
    }),
  );
}

class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    "promptls.status",
    vscode.StatusBarAlignment.Right,
    PRIORITY,
  );
  private active: Active | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly connection: Connection) {
    this.item.name = vscode.l10n.t("promptls: Tokens and Budget");
  }

  show(active: Active): void {
    this.active = active;
    clearTimeout(this.timer);
    // Between two editors there is none for a moment.
    if (active.document === undefined || (active.waits && this.connection.state === "running")) {
      this.timer = setTimeout(() => {
        this.update();
      }, PATIENCE);
    } else {
      this.update();
    }
  }

  findingsChanged(uris: readonly vscode.Uri[]): void {
    const uri = this.active?.document?.uri.toString();
    if (this.active?.summary !== undefined && uris.some((changed) => changed.toString() === uri)) {
      this.update();
    }
  }

  update(): void {
    const look = this.look();
    if (look === undefined) {
      this.item.hide();
      return;
    }
    const background = BACKGROUNDS[look.level];
    this.item.text = look.text;
    this.item.tooltip = look.tooltip;
    this.item.command = look.command;
    this.item.backgroundColor = background === undefined ? undefined : new vscode.ThemeColor(background);
    this.item.accessibilityInformation = { label: `promptls: ${look.sentence}`, role: "button" };
    this.item.show();
  }

  /** What is to be seen; undefined for nothing. */
  private look(): Look | undefined {
    const { active } = this;
    const { statusBar } = settings;
    if (active?.document === undefined || statusBar === "never") {
      return undefined;
    }
    if (this.connection.state === "failed") {
      return failed();
    }
    if (statusBar === "prompts" && active.summary?.shown !== true) {
      return undefined;
    }
    const starting = this.connection.state === "starting";
    if (active.summary !== undefined) {
      return this.figures(active.document, active.summary, active.counted, starting);
    }
    if (starting) {
      return waiting("promptls", vscode.l10n.t("The promptls server is starting."));
    }
    return active.waits && this.connection.state === "running"
      ? waiting(vscode.l10n.t("counting…"), vscode.l10n.t("The tokens of this document are being counted."))
      : undefined;
  }

  private figures(
    document: vscode.TextDocument,
    summary: Summary,
    counted: Summary | undefined,
    starting: boolean,
  ): Look {
    const quiet = canTreatAsPrompt(document.languageId, summary);
    const markdown = tooltipMarkdown(summary, findingsIn(document.uri), quiet);
    const tooltip = new vscode.MarkdownString(markdown, true);
    tooltip.isTrusted = { enabledCommands: LINKED_COMMANDS };
    return {
      ...figuresText(summary, counted, starting),
      command: "promptls.chooseModelAndBudget",
      tooltip,
    };
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.item.dispose();
  }
}

function failed(): Look {
  const sentence = vscode.l10n.t("The promptls server is not running.");
  return {
    text: "$(error) promptls",
    level: "error",
    sentence,
    command: "promptls.showLog",
    tooltip: vscode.l10n.t("{0} Click to show its log.", sentence),
  };
}

function waiting(text: string, sentence: string): Look {
  return { text: `$(sync~spin) ${text}`, level: "none", sentence, command: "promptls.showLog", tooltip: sentence };
}

function findingsIn(uri: vscode.Uri): FindingCounts {
  const found = vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "promptls");
  const number = (severity: vscode.DiagnosticSeverity): number =>
    found.filter((diagnostic) => diagnostic.severity === severity).length;
  return {
    errors: number(vscode.DiagnosticSeverity.Error),
    warnings: number(vscode.DiagnosticSeverity.Warning),
  };
}
