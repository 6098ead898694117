/** What is said after a choice: nothing where it shows, else which nearer place decides. */
import * as vscode from "vscode";
import type { Connection } from "../client/connection";
import type { Summary } from "../protocol";
import type { Choice } from "./choice";
import type { ChoicePlace } from "./choicePlaces";
import { type DecidingPlace, decidingPlaces, isNearer } from "./decidingPlaces";
import { structureOf } from "./documentDirectives";
import { summaryAfter } from "./summaryAfter";

/**
 * Look at the document's new figures, and say which place decides where they do not show the choice.
 *
 * @param written - Where the choice was written; undefined where there was nothing to take away.
 */
export async function tellWhatDecides(
  connection: Connection,
  document: vscode.TextDocument,
  choice: Choice,
  written: ChoicePlace["id"] | undefined,
): Promise<void> {
  if (written !== undefined && (await isShown(connection, document, choice))) {
    return;
  }
  const structure = await structureOf(connection, document);
  const places = await decidingPlaces(document, structure, choice.key);
  // Of a share the figures do not tell, and a rule may be one for other documents.
  const certain = places.filter(({ kind }) => kind !== "rule" || !isShare(choice));
  const deciding = certain.find(({ kind }) => written === undefined || isNearer(kind, written));
  if (deciding !== undefined) {
    await offerToOpen(deciding, choice, written !== undefined);
  } else if (written === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t("Nothing is set that could be taken away."));
  }
}

/** Whether the document's new figures show the choice. */
async function isShown(connection: Connection, document: vscode.TextDocument, choice: Choice): Promise<boolean> {
  if (choice.value === undefined) {
    return true;
  }
  if (isShare(choice)) {
    return false;
  }
  const shows = ({ model, budget }: Summary): boolean =>
    choice.key === "model" ? model === choice.value : budget?.limit === choice.value;
  const summary = await summaryAfter(connection, document.uri, shows);
  return summary === undefined || shows(summary);
}

function isShare({ key, value }: Choice): boolean {
  return key === "budget" && typeof value === "string";
}

async function offerToOpen(place: DecidingPlace, { key, value }: Choice, isWritten: boolean): Promise<void> {
  const open = vscode.l10n.t("Open");
  const chosen = await vscode.window.showWarningMessage(messageOf(place, key, value, isWritten), open);
  if (chosen === open) {
    await place.open();
  }
}

function messageOf(
  { name }: DecidingPlace,
  key: Choice["key"],
  value: Choice["value"],
  isWritten: boolean,
): string {
  if (!isWritten) {
    return vscode.l10n.t("{0} decides; change it there.", name);
  }
  const chosen = String(value);
  return key === "model"
    ? vscode.l10n.t("{0} is nearer to the document and decides on the model, not your choice {1}.", name, chosen)
    : vscode.l10n.t("{0} is nearer to the document and decides on the budget, not your choice {1}.", name, chosen);
}
