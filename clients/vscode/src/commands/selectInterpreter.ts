/** The command that chooses the Python which the server runs on. */
import { homedir } from "node:os";
import * as vscode from "vscode";
import type { PromptlsClient } from "../client/languageClient";
import { listInterpreters } from "../server/launch";
import type { Interpreter } from "../server/model";
import { settings } from "../settings";
import { withoutHome } from "./paths";

interface InterpreterItem extends vscode.QuickPickItem {
  /** What the setting is to say; undefined: a file is to be chosen. */
  setting: string | undefined;
}

/** Let somebody choose; the server starts again as the setting changes. */
export async function selectInterpreter(client: PromptlsClient): Promise<void> {
  if (settings.serverPath !== "" && !(await goesOnWithoutServerPath())) {
    return;
  }
  const source = new vscode.CancellationTokenSource();
  const items = listInterpreters(client.launchRequest(source.token, () => undefined)).then((found) =>
    interpreterItems(found, settings.interpreter, client.launch?.interpreter?.path),
  );
  const picked = await vscode.window.showQuickPick(
    items,
    {
      title: vscode.l10n.t("Python for the promptls server"),
      placeHolder: vscode.l10n.t("Python 3.11 or later; promptls makes an environment of its own with it"),
      matchOnDescription: true,
    },
    source.token,
  );
  source.cancel();
  source.dispose();
  const setting = picked === undefined ? undefined : (picked.setting ?? (await browse()));
  if (setting === undefined) {
    return;
  }
  if (setting === settings.interpreter) {
    // Nothing changes, so nothing would start: somebody may want to try again.
    if (client.state !== "running") {
      await client.restart();
    }
    return;
  }
  const configuration = vscode.workspace.getConfiguration("promptls");
  const value = setting === "" ? undefined : setting;
  await configuration.update("server.interpreter", value, vscode.ConfigurationTarget.Global);
}

/** What there is to choose from: finding one automatically, those that were found, and a file. */
export function interpreterItems(
  found: readonly Interpreter[],
  chosen: string,
  running: string | undefined,
): InterpreterItem[] {
  const inUse = vscode.l10n.t("in use");
  const automatic = chosen === "";
  const items = found.map(({ path, version, source }): InterpreterItem => {
    const isMarked = !automatic && path === (running ?? chosen);
    const shown = withoutHome(path, homedir());
    return {
      setting: path,
      label: `Python ${version}`,
      description: isMarked ? `${shown} · ${inUse}` : shown,
      detail: sourceText(source),
    };
  });
  return [
    {
      setting: "",
      label: `$(search) ${vscode.l10n.t("Find automatically")}`,
      description: automatic ? inUse : "",
      ...(automatic && running !== undefined ? { detail: withoutHome(running, homedir()) } : {}),
    },
    { setting: undefined, label: `$(folder-opened) ${vscode.l10n.t("Browse…")}` },
    ...items,
  ];
}

function sourceText(source: Interpreter["source"]): string {
  switch (source) {
    case "setting":
      return vscode.l10n.t("named in your settings");
    case "pythonExtension":
      return vscode.l10n.t("chosen in the Python extension");
    case "pythonEnvironments":
      return vscode.l10n.t("chosen in the Python Environments extension");
    case "system":
      return vscode.l10n.t("found on the system");
  }
}

async function browse(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t("Python for the promptls server"),
    openLabel: vscode.l10n.t("Select Interpreter"),
    canSelectMany: false,
  });
  return chosen?.[0]?.fsPath;
}

/** The setting that names the server itself comes before any interpreter. */
async function goesOnWithoutServerPath(): Promise<boolean> {
  const takeAway = vscode.l10n.t("Take It Away");
  const message = vscode.l10n.t("{0} names the server to start, so no interpreter is used.", "promptls.server.path");
  if ((await vscode.window.showWarningMessage(message, takeAway)) !== takeAway) {
    return false;
  }
  const configuration = vscode.workspace.getConfiguration("promptls");
  await configuration.update("server.path", undefined, vscode.ConfigurationTarget.Global);
  return true;
}
