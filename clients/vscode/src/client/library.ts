/** The client's library and what it is told: documents, trust, settings, diagnostics. Loaded late, for its size. */
import type { ChildProcess } from "node:child_process";
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
} from "vscode-languageclient/node";
import { COUNTED } from "../documents";
import { machineSettings, resourceSettings } from "../settings";
import type { TypingPause } from "./quiet";
import { forwardLog } from "./serverProcess";

export interface ClientParts {
  extension: vscode.Extension<unknown>;
  log: vscode.LogOutputChannel;
  pause: TypingPause;
  /** Running, its streams not yet read. */
  server: ChildProcess;
  /** The connection is gone; nothing is started again by the library. */
  closed: () => void;
}

/** A client for one start of the server. */
export function createLanguageClient(parts: ClientParts): LanguageClient {
  return new LanguageClient("promptls", "promptls", () => Promise.resolve(parts.server), clientOptions(parts));
}

function clientOptions({ extension, log, pause, closed }: ClientParts): LanguageClientOptions {
  return {
    documentSelector: COUNTED,
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        closed();
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
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
