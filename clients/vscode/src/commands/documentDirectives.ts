/** Directives of a document that is open in an editor. */
import * as vscode from "vscode";
import type { Connection } from "../client/connection";
import {
  type DirectiveKey,
  directiveValue,
  type Placed,
  removeFromDocument,
  setInDocument,
  type TextChange,
} from "./directiveEdits";

/** How often a report is asked for that is of the text as it stands. */
const ATTEMPTS = 5;

/** A document's text by lines, and the sections that the server sees in it. */
export interface Structure {
  version: number;
  lines: string[];
  sections: readonly Placed[];
}

/** The structure of a document as it stands; undefined where no server answers, or typing goes on. */
export async function structureOf(
  connection: Connection,
  document: vscode.TextDocument,
): Promise<Structure | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const report = await connection.report(document.uri);
    if (report === undefined) {
      return undefined;
    }
    if (report.version === document.version) {
      const lines = document.getText().split(/\r\n|\r|\n/);
      return { version: document.version, lines, sections: report.sections };
    }
  }
  return undefined;
}

/** What the document's directives set; undefined where they set nothing. */
export function valueInDocument({ lines, sections }: Structure, key: DirectiveKey): string | undefined {
  return directiveValue(lines, sections, key);
}

/**
 * Have the document's directives set a value, or, for undefined, set none, as one edit to undo.
 *
 * False where the document could not be changed.
 */
export async function writeInDocument(
  connection: Connection,
  document: vscode.TextDocument,
  key: DirectiveKey,
  value: string | undefined,
): Promise<boolean> {
  const structure = await structureOf(connection, document);
  if (structure?.version !== document.version) {
    return false;
  }
  const { lines, sections } = structure;
  return applyChanges(
    document,
    value === undefined ? removeFromDocument(lines, sections, key) : [setInDocument(lines, sections, key, value)],
  );
}

function applyChanges(document: vscode.TextDocument, changes: readonly TextChange[]): Thenable<boolean> {
  const edit = new vscode.WorkspaceEdit();
  for (const { start, end, newText } of changes) {
    const range = new vscode.Range(start.line, start.character, end.line, end.character);
    edit.replace(document.uri, range, newText);
  }
  return vscode.workspace.applyEdit(edit);
}
