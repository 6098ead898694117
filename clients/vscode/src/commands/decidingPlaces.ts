/** What sets the model or the budget of a document, the nearest place first. */
import * as vscode from "vscode";
import { type ChoiceKey, SPELLINGS } from "./choice";
import type { ChoicePlace } from "./choicePlaces";
import { directivesOf, frontMatterOf } from "./directiveEdits";
import type { Structure } from "./documentDirectives";
import { frontMatterLine, tomlLine } from "./settingsFile";

/** A place that sets a key, and how to show it. */
export interface DecidingPlace {
  kind: "document" | "frontMatter" | "settingsFile" | "rule" | "folder" | "workspace" | "user";
  /** As the subject of a sentence. */
  name: string;
  open: () => Thenable<unknown>;
}

/** Nearest first; the user's own settings file, which is farther than all of these, is not looked at. */
const NEARNESS: DecidingPlace["kind"][] = [
  "document",
  "frontMatter",
  "settingsFile",
  "rule",
  "folder",
  "workspace",
  "user",
];
const RANKS: Record<ChoicePlace["id"], DecidingPlace["kind"]> = {
  document: "document",
  file: "rule",
  folder: "folder",
  user: "user",
};

/** Files that may hold settings, by the table that these stand below; of one folder only the first counts. */
const SETTINGS_FILES = [
  { name: "promptls.toml", table: "" },
  { name: "pyproject.toml", table: "tool.promptls" },
];

/** All places that set the key, the nearest first; a rule may be one for other documents. */
export async function decidingPlaces(
  document: vscode.TextDocument,
  structure: Structure | undefined,
  key: ChoiceKey,
): Promise<DecidingPlace[]> {
  return [
    ...(structure === undefined ? [] : inDocument(document, structure, key)),
    ...(await inSettingsFiles(document, key)),
    ...inSettings(document, key),
  ];
}

/** Whether a kind of place comes before the one where a choice was written. */
export function isNearer(kind: DecidingPlace["kind"], written: ChoicePlace["id"]): boolean {
  return NEARNESS.indexOf(kind) < NEARNESS.indexOf(RANKS[written]);
}

function inDocument(
  document: vscode.TextDocument,
  { lines, sections }: Structure,
  key: ChoiceKey,
): DecidingPlace[] {
  const places: DecidingPlace[] = [];
  const directive = directivesOf(lines, sections, SPELLINGS[key].directive).at(-1);
  if (directive !== undefined) {
    const name = vscode.l10n.t("A directive in this document");
    places.push({ kind: "document", name, open: () => openAt(document.uri, directive.line) });
  }
  const frontMatter = frontMatterOf(lines, sections);
  const line = frontMatter === undefined ? undefined : frontMatterLine(lines, frontMatter, key);
  if (line !== undefined) {
    const name = vscode.l10n.t("The front matter of this document");
    places.push({ kind: "frontMatter", name, open: () => openAt(document.uri, line) });
  }
  return places;
}

async function inSettingsFiles(document: vscode.TextDocument, key: ChoiceKey): Promise<DecidingPlace[]> {
  const places: DecidingPlace[] = [];
  for (const folder of foldersOf(document)) {
    for (const { name: fileName, table } of SETTINGS_FILES) {
      const uri = vscode.Uri.joinPath(folder, fileName);
      const text = await textOf(uri);
      if (text === undefined || (table !== "" && !text.includes(table))) {
        continue;
      }
      const line = tomlLine(text, key, table);
      if (line !== undefined) {
        const name = vscode.workspace.asRelativePath(uri);
        places.push({ kind: "settingsFile", name, open: () => openAt(uri, line) });
      }
      break;
    }
  }
  return places;
}

/** The document's folder and those above it up to the workspace folder; only its own outside of all. */
function foldersOf(document: vscode.TextDocument): vscode.Uri[] {
  if (document.isUntitled) {
    const folders = vscode.workspace.workspaceFolders ?? [];
    return folders.length === 1 ? folders.map(({ uri }) => uri) : [];
  }
  const root = vscode.workspace.getWorkspaceFolder(document.uri)?.uri;
  let folder = vscode.Uri.joinPath(document.uri, "..");
  const folders = [folder];
  while (root !== undefined && folder.path.length > root.path.length) {
    folder = vscode.Uri.joinPath(folder, "..");
    folders.push(folder);
  }
  return folders;
}

async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}

function inSettings(document: vscode.TextDocument, key: ChoiceKey): DecidingPlace[] {
  const { setting, rule } = SPELLINGS[key];
  const configuration = vscode.workspace.getConfiguration("promptls", document.uri);
  const found = configuration.inspect(setting);
  const rules: unknown = configuration.get("files");
  const places: DecidingPlace[] = [];
  const add = (kind: DecidingPlace["kind"], name: string, value: unknown, id: string): void => {
    // In settings, null stands for nothing.
    if (value !== undefined && value !== null) {
      const open = (): Thenable<unknown> => vscode.commands.executeCommand("workbench.action.openSettings", id);
      places.push({ kind, name, open });
    }
  };
  const sets = (one: unknown): boolean => typeof one === "object" && one !== null && rule in one;
  const deciding: unknown = Array.isArray(rules) ? rules.find(sets) : undefined;
  add("rule", vscode.l10n.t("A rule in promptls.files"), deciding, "promptls.files");
  const id = `promptls.${setting}`;
  add("folder", vscode.l10n.t("The folder's settings"), found?.workspaceFolderValue, id);
  add("workspace", vscode.l10n.t("The workspace's settings"), found?.workspaceValue, id);
  add("user", vscode.l10n.t("Your settings"), found?.globalValue, id);
  return places;
}

async function openAt(uri: vscode.Uri, line: number): Promise<void> {
  const selection = new vscode.Range(line, 0, line, 0);
  await vscode.window.showTextDocument(uri, { selection });
}
