/** What a person is told when there is no server. */
import * as vscode from "vscode";
import type { LaunchProblem } from "../server/model";

const PYTHON_DOWNLOADS = vscode.Uri.parse("https://www.python.org/downloads/");

/** A button of a message. */
interface Action {
  title: string;
  run: () => Thenable<unknown>;
}

function command(title: string, name: string, ...given: string[]): Action {
  return { title, run: () => vscode.commands.executeCommand(name, ...given) };
}

function actions(): Record<"showLog" | "select" | "install" | "settings" | "retry" | "restart" | "status", Action> {
  return {
    showLog: command(vscode.l10n.t("Show Log"), "promptls.showLog"),
    select: command(vscode.l10n.t("Select Interpreter"), "promptls.selectInterpreter"),
    install: { title: vscode.l10n.t("Get Python"), run: () => vscode.env.openExternal(PYTHON_DOWNLOADS) },
    settings: command(vscode.l10n.t("Open Settings"), "workbench.action.openSettings", "promptls.server"),
    retry: command(vscode.l10n.t("Try Again"), "promptls.restartServer"),
    restart: command(vscode.l10n.t("Restart Server"), "promptls.restartServer"),
    status: command(vscode.l10n.t("Report Status"), "promptls.reportStatus"),
  };
}

/** Say why no server could be started, with what can be done about it. */
export function reportProblem(problem: LaunchProblem): void {
  const { showLog, select, install, settings, retry } = actions();
  const buttons: Record<LaunchProblem["code"], Action[]> = {
    "no-python": [install, select, retry],
    "interpreter-not-found": [select, settings],
    "interpreter-not-supported": [select, install],
    "server-not-found": [settings],
    "wheels-missing": [showLog],
    "environment-failed": [retry, select, showLog],
    cancelled: [retry],
  };
  show(`promptls: ${problem.message}`, buttons[problem.code]);
}

/** Say that the server keeps stopping. */
export function reportStops(): void {
  const { showLog, restart, status } = actions();
  const message = vscode.l10n.t(
    "The promptls server stopped five times in three minutes and is not started again. Its log says why.",
  );
  show(message, [showLog, restart, status]);
}

function show(message: string, offered: Action[]): void {
  void vscode.window
    .showErrorMessage(message, ...offered.map(({ title }) => title))
    .then((chosen) => offered.find(({ title }) => title === chosen)?.run());
}
