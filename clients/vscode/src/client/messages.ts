/** What a person is told when there is no server. */
import * as vscode from "vscode";
import type { LaunchProblem } from "../server/model";

const PYTHON_DOWNLOADS = vscode.Uri.parse("https://www.python.org/downloads/");

/** Say why no server could be started, with what can be done about it. */
export function reportProblem(problem: LaunchProblem): void {
  const showLog = vscode.l10n.t("Show Log");
  const select = vscode.l10n.t("Select Interpreter");
  const install = vscode.l10n.t("Get Python");
  const settings = vscode.l10n.t("Open Settings");
  const retry = vscode.l10n.t("Try Again");
  const buttons: Record<LaunchProblem["code"], string[]> = {
    "no-python": [install, select, retry],
    "interpreter-not-found": [select, settings],
    "interpreter-not-supported": [select, install],
    "server-not-found": [settings],
    "wheels-missing": [showLog],
    "environment-failed": [retry, select, showLog],
    cancelled: [retry],
  };
  void vscode.window.showErrorMessage(`promptls: ${problem.message}`, ...buttons[problem.code]).then((chosen) => {
    switch (chosen) {
      case showLog:
        return vscode.commands.executeCommand("promptls.showLog");
      case select:
        return vscode.commands.executeCommand("promptls.selectInterpreter");
      case install:
        return vscode.env.openExternal(PYTHON_DOWNLOADS);
      case settings:
        return vscode.commands.executeCommand("workbench.action.openSettings", "promptls.server");
      case retry:
        return vscode.commands.executeCommand("promptls.restartServer");
      default:
        return undefined;
    }
  });
}

/** Say that the server keeps stopping. */
export function reportStops(): void {
  const showLog = vscode.l10n.t("Show Log");
  const restart = vscode.l10n.t("Restart Server");
  const status = vscode.l10n.t("Report Status");
  const message = vscode.l10n.t(
    "The promptls server stopped five times in three minutes and is not started again. Its log says why.",
  );
  void vscode.window.showErrorMessage(message, showLog, restart, status).then((chosen) => {
    switch (chosen) {
      case showLog:
        return vscode.commands.executeCommand("promptls.showLog");
      case restart:
        return vscode.commands.executeCommand("promptls.restartServer");
      case status:
        return vscode.commands.executeCommand("promptls.reportStatus");
      default:
        return undefined;
    }
  });
}
