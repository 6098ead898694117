/** The extension's entry: puts the parts together; nothing here waits for the server. */
import { LOADING_SINCE } from "./loading";
import * as vscode from "vscode";
import { registerBudgetView } from "./budget/budgetView";
import type { Connection } from "./client/connection";
import { PromptlsClient } from "./client/languageClient";
import { reportProblem, reportStops } from "./client/messages";
import { registerCommands } from "./commands/register";
import { registerExplorerDecorations } from "./explorer/decorations";
import { registerPreview } from "./preview/previewPanel";
import { registerContextKeys } from "./status/contextKeys";
import { registerStatusBar } from "./status/statusBar";

/** What other extensions, and the tests, can ask. */
export interface Api {
  connection: Connection;
}

let running: PromptlsClient | undefined;
/** Milliseconds; the editor may do other work between this and the activation. */
const loading = performance.now() - LOADING_SINCE;

export function activate(context: vscode.ExtensionContext): Api {
  const begin = performance.now();
  const log = vscode.window.createOutputChannel("promptls", { log: true });
  const client = new PromptlsClient(context, log, reportProblem, reportStops);
  running = client;
  context.subscriptions.push(
    log,
    client,
    registerCommands(context, client, log),
    registerContextKeys(client),
    registerStatusBar(client),
    registerBudgetView(client),
    registerExplorerDecorations(client),
    registerPreview(context.extensionUri, client),
  );
  void client.restart();
  log.info(`activated in ${(loading + performance.now() - begin).toFixed(0)} ms`);
  return { connection: client };
}

/** The editor waits for it, so that the server can leave in good order. */
export async function deactivate(): Promise<void> {
  await running?.stop();
}
