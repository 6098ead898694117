/** What the language client is told: documents, trust, settings, diagnostics. */
import * as vscode from "vscode";
import {
  type LanguageClientOptions,
  type ErrorHandler,
  RevealOutputChannelOn,
} from "vscode-languageclient/node";
import { COUNTED } from "../documents";
import { machineSettings, resourceSettings } from "../settings";
import type { TypingPause } from "./quiet";
import { forwardLog } from "./serverProcess";

/** Options for one start of the server. */
export function clientOptions(
  extension: vscode.Extension<unknown>,
  log: vscode.LogOutputChannel,
  errorHandler: ErrorHandler,
  pause: TypingPause,
): LanguageClientOptions {
  return {
    documentSelector: COUNTED,
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    errorHandler,
    initializationFailedHandler: () => false,
    initializationOptions: () => ({
      trusted: vscode.workspace.isTrusted,
      machine: machineSettings(extension),
      reportNotifications: true,
    }),
    stdioOptions: { stdout: forwardLog, stderr: forwardLog },
    middleware: {
      workspace: {
        configuration: (params) =>
          params.items.map((item) =>
            item.section === "promptls"
              ? resourceSettings(extension, item.scopeUri === undefined ? undefined : vscode.Uri.parse(item.scopeUri))
              : null,
          ),
      },
      // The server knows no command of ours: the total above the first line opens the picker.
      provideCodeLenses: async (document, token, next) => {
        const lenses = (await next(document, token)) ?? [];
        for (const lens of lenses) {
          if (lens.command?.command === "") {
            lens.command = { ...lens.command, command: "promptls.chooseModelAndBudget" };
          }
        }
        return lenses;
      },
      // The client would ask at every key.
      provideDiagnostics: async (document, previousResultId, token, next) => {
        await pause.wait(document instanceof vscode.Uri ? document : document.uri, token);
        return next(document, previousResultId, token);
      },
    },
  };
}
