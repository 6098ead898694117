/** The commands that belong to no view. */
import * as vscode from "vscode";
import type { PromptlsClient } from "../client/languageClient";
import { chooseModelAndBudget } from "./chooseModelAndBudget";
import { openSample, openWalkthrough } from "./openSample";
import { copyRenderedPrompt } from "./renderedPrompt";
import { reportStatus } from "./reportStatus";
import { selectInterpreter } from "./selectInterpreter";
import { treatAsPrompt } from "./treatAsPrompt";

/** What menus give: the resource, then whatever else. */
type Handler = (resource?: unknown) => unknown;

export function registerCommands(
  context: vscode.ExtensionContext,
  client: PromptlsClient,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const handlers: Record<string, Handler> = {
    chooseModelAndBudget: () => chooseModelAndBudget(client),
    copyRenderedPrompt: (resource) => copyRenderedPrompt(client, uriOf(resource)),
    treatAsPrompt: (resource) => treatAsPrompt(client, uriOf(resource)),
    selectInterpreter: () => selectInterpreter(client),
    reportStatus: () => reportStatus(context.extension, client),
    restartServer: () => client.restart(),
    openSample: () => openSample(context.extensionUri),
    openWalkthrough: () => openWalkthrough(),
    showLog: () => {
      log.show();
    },
  };
  const commands = Object.entries(handlers);
  return vscode.Disposable.from(
    ...commands.map(([name, handler]) => vscode.commands.registerCommand(`promptls.${name}`, handler)),
  );
}

function uriOf(resource: unknown): vscode.Uri | undefined {
  return resource instanceof vscode.Uri ? resource : undefined;
}
