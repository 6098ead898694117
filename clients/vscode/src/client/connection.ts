/** The connection to the language server: started, watched, restarted; the one thing all views ask. */
import type * as vscode from "vscode";
import type * as protocol from "../protocol";

export type ConnectionState = "stopped" | "starting" | "running" | "failed";

/** What the views know of the server. Requests give undefined while there is no server to answer. */
export interface Connection {
  readonly state: ConnectionState;
  readonly onDidChangeState: vscode.Event<ConnectionState>;
  /** A document has newer figures (after an edit and a pause, or when something was resolved). */
  readonly onDidChangeReport: vscode.Event<vscode.Uri>;
  summary(uri: vscode.Uri, token?: vscode.CancellationToken): Promise<protocol.Summary | undefined>;
  report(uri: vscode.Uri, token?: vscode.CancellationToken): Promise<protocol.Report | undefined>;
  render(uri: vscode.Uri, token?: vscode.CancellationToken): Promise<protocol.Rendering | undefined>;
  workspaceReport(token?: vscode.CancellationToken): Promise<protocol.WorkspaceReport | undefined>;
  models(): Promise<protocol.Model[] | undefined>;
  status(): Promise<protocol.ServerStatus | undefined>;
  /** Ranges of the protocol as those of the editor. */
  toRange(range: protocol.Range): vscode.Range;
  toUri(uri: string): vscode.Uri;
}

