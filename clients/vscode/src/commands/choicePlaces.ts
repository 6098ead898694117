/** The places where a model or a budget may be set, the nearest to the document first. */
import * as vscode from "vscode";
import type { Connection } from "../client/connection";
import { type ChoiceKey, SPELLINGS } from "./choice";
import { type Structure, valueInDocument, writeInDocument } from "./documentDirectives";
import { findRule, globOf, withRule } from "./fileRules";

export interface ChoicePlace {
  id: "document" | "file" | "folder" | "user";
  label: string;
  detail: string;
  /** What is set there now; undefined for nothing. */
  value: unknown;
  /** Set it there, or take it away. False, or an error, where that cannot be done. */
  write: (value: string | number | undefined) => Promise<boolean>;
}

/** All places for a document; one outside of all folders has no rule and no folder. */
export function choicePlaces(
  connection: Connection,
  document: vscode.TextDocument,
  structure: Structure,
  key: ChoiceKey,
): ChoicePlace[] {
  const { setting, directive } = SPELLINGS[key];
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  const configuration = vscode.workspace.getConfiguration("promptls", document.uri);
  const inspected = configuration.inspect(setting);
  const places: ChoicePlace[] = [
    {
      id: "document",
      label: vscode.l10n.t("In this document"),
      detail: vscode.l10n.t("A comment {0} that is not sent", `<!-- promptls: ${directive}=… -->`),
      value: valueInDocument(structure, directive),
      write: (value) =>
        writeInDocument(connection, document, directive, value === undefined ? undefined : String(value)),
    },
  ];
  if (folder !== undefined) {
    places.push(filePlace(document, folder, key), {
      id: "folder",
      label: vscode.l10n.t("For the folder “{0}”", folder.name),
      detail: vscode.l10n.t("{0} in the folder's settings", `promptls.${setting}`),
      value: inspected?.workspaceFolderValue ?? undefined,
      write: async (value) => {
        await configuration.update(setting, value, vscode.ConfigurationTarget.WorkspaceFolder);
        return true;
      },
    });
  }
  places.push({
    id: "user",
    label: vscode.l10n.t("For all my documents"),
    detail: vscode.l10n.t("{0} in your settings", `promptls.${setting}`),
    value: inspected?.globalValue ?? undefined,
    write: async (value) => {
      await configuration.update(setting, value, vscode.ConfigurationTarget.Global);
      return true;
    },
  });
  return places;
}

function filePlace(
  document: vscode.TextDocument,
  folder: vscode.WorkspaceFolder,
  key: ChoiceKey,
): ChoicePlace {
  const glob = globOfDocument(document);
  const { rule } = SPELLINGS[key];
  return {
    id: "file",
    label: vscode.l10n.t("For this file"),
    detail: vscode.l10n.t("A rule for {0} in the settings of the folder “{1}”", glob, folder.name),
    value: findRule(rulesFor(document), glob)?.[rule],
    write: (value) => writeRule(document, { [rule]: value }),
  };
}

/** The glob that means exactly this document in the settings of its workspace folder. */
export function globOfDocument(document: vscode.TextDocument): string {
  return globOf(vscode.workspace.asRelativePath(document.uri, false));
}

/** The rules that hold for a document now. */
export function rulesFor(document: vscode.TextDocument): unknown {
  return vscode.workspace.getConfiguration("promptls", document.uri).get("files");
}

/** Have a rule for exactly this document in its folder's settings, with these values. */
export async function writeRule(
  document: vscode.TextDocument,
  values: Parameters<typeof withRule>[2],
): Promise<boolean> {
  const configuration = vscode.workspace.getConfiguration("promptls", document.uri);
  // A folder's list takes the place of the workspace's and the user's: their rules go on to hold.
  const rules = withRule(configuration.get("files"), globOfDocument(document), values);
  await configuration.update("files", rules, vscode.ConfigurationTarget.WorkspaceFolder);
  return true;
}
