/** What tests wait for in the real editor. */
import * as vscode from "vscode";
import type { Connection } from "../../../src/client/connection";

const PATIENCE = 50_000;

/** The first answer that is not undefined. */
export async function until<T>(what: string, probe: () => T | undefined | PromiseLike<T | undefined>): Promise<T> {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    const found = await probe();
    if (found !== undefined) {
      return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited in vain for ${what}`);
}

/** The extension's connection, with the server running. */
export async function runningConnection(): Promise<Connection> {
  const extension = vscode.extensions.getExtension<{ connection: Connection }>("promptls.promptls");
  const { connection } = await extension!.activate();
  await until("the server", () => (connection.state === "running" ? true : undefined));
  return connection;
}

/** A file of the workspace, made anew. */
export async function writeFile(path: string, text: string): Promise<vscode.Uri> {
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, path);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  return uri;
}
