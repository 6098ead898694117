/** The extension's own settings, and what of the server's is set. */
import * as vscode from "vscode";

const SECTION = "promptls";

export type StatusBarSetting = "always" | "prompts" | "never";

/** Read one setting of the extension's own; package.json holds the defaults. */
function read<T>(name: string, fallback: T): T {
  return vscode.workspace.getConfiguration(SECTION).get<T>(name, fallback);
}

export const settings = {
  get serverPath(): string {
    return read("server.path", "").trim();
  },
  get interpreter(): string {
    return read("server.interpreter", "").trim();
  },
  get logLevel(): string {
    return read("server.logLevel", "warning");
  },
  get statusBar(): StatusBarSetting {
    return read<StatusBarSetting>("statusBar", "always");
  },
  get explorerDecorations(): boolean {
    return read("explorer.decorations", true);
  },
};

/** The groups that package.json declares settings in; that of the extension itself is the third. */
type Group = "documents" | "machine";

interface Manifest {
  contributes: { configuration: { id: string; properties: Record<string, unknown> }[] };
}

/** Names of declared settings, dotted and without `promptls.`: those of one group, or all. */
function declared(extension: vscode.Extension<unknown>, group?: Group): string[] {
  return (extension.packageJSON as Manifest).contributes.configuration
    .filter(({ id }) => group === undefined || id === group)
    .flatMap(({ properties }) => Object.keys(properties))
    .map((key) => key.slice(SECTION.length + 1));
}

/**
 * What somebody has set of the server's resource settings, as a tree by dotted name.
 *
 * Defaults are left out: the server has them, and a default sent as if it had been set would come
 * before the user's own settings file.
 */
export function resourceSettings(
  extension: vscode.Extension<unknown>,
  scope: vscode.ConfigurationScope | undefined,
): Record<string, unknown> {
  const configuration = vscode.workspace.getConfiguration(SECTION, scope ?? null);
  return tree(
    declared(extension, "documents")
      .filter((name) => placesOf(configuration, name).length > 0)
      .map((name): [string, unknown] => [name, configuration.get(name)])
      // null stands in package.json for what has no default.
      .filter(([, value]) => value !== null),
  );
}

/** The machine settings that the user has set: never those of a workspace. */
export function machineSettings(extension: vscode.Extension<unknown>): Record<string, unknown> {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  return tree(
    declared(extension, "machine")
      .map((name): [string, unknown] => [name, configuration.inspect(name)?.globalValue])
      .filter(([, value]) => value !== undefined && value !== null),
  );
}

/** The values that take effect only when the server starts, as one text to compare. */
export function valuesOfStart(extension: vscode.Extension<unknown>): string {
  const { serverPath, interpreter, logLevel } = settings;
  return JSON.stringify({ serverPath, interpreter, logLevel, machine: machineSettings(extension) });
}

/** Names of all settings that somebody has set, with the places; no values, which may be secret. */
export function placesOfSettings(extension: vscode.Extension<unknown>): { name: string; places: string[] }[] {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  return declared(extension).flatMap((name) => {
    const places = placesOf(configuration, name);
    return places.length === 0 ? [] : [{ name: `${SECTION}.${name}`, places }];
  });
}

/** Where somebody has set a setting; nowhere: it has its default. */
function placesOf(configuration: vscode.WorkspaceConfiguration, name: string): string[] {
  const found = configuration.inspect(name);
  return [
    ...(found?.globalValue === undefined ? [] : ["user"]),
    ...(found?.workspaceValue === undefined ? [] : ["workspace"]),
    ...(found?.workspaceFolderValue === undefined ? [] : ["folder"]),
  ];
}

/** `{"budget": {"document": 1}}` of `["budget.document", 1]`. */
function tree(entries: [string, unknown][]): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    const path = name.split(".");
    const last = path.pop() ?? name;
    let at = root;
    for (const part of path) {
      at = (at[part] ??= {}) as Record<string, unknown>;
    }
    at[last] = value;
  }
  return root;
}
