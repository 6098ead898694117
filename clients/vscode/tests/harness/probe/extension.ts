/** Writes what the editor and the language server hold of the active document to the file named by PROMPTLS_PROBE. */
import { rename, writeFile } from "node:fs/promises";
import * as vscode from "vscode";
import type { Connection } from "../../../src/client/connection";
import type { Report } from "../../../src/protocol";

/** What the probe saw. The server's parts are null where promptls is not installed or not running. */
export interface ProbeReading {
  version: number;
  editorText: string;
  serverText: string | null;
  report: Report | null;
}

export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(vscode.commands.registerCommand("promptlsProbe.write", write));
}

async function write(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  const target = process.env["PROMPTLS_PROBE"];
  if (document === undefined || target === undefined) {
    throw new Error("the probe needs an active editor and PROMPTLS_PROBE");
  }
  const promptls = vscode.extensions.getExtension<{ connection: Connection }>("promptls.promptls");
  const connection = promptls?.isActive === true ? promptls.exports.connection : undefined;
  const reading: ProbeReading = {
    version: document.version,
    editorText: document.getText(),
    serverText: (await connection?.render(document.uri))?.text ?? null,
    report: (await connection?.report(document.uri)) ?? null,
  };
  // Whoever waits for the file must not see half of it.
  await writeFile(`${target}.new`, JSON.stringify(reading));
  await rename(`${target}.new`, target);
}
