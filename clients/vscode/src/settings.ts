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

interface Declared {
  /** Dotted, without `promptls.` */
  name: string;
  scope: string;
}

/** The settings that package.json declares, but for those of the extension itself. */
function declared(extension: vscode.Extension<unknown>): Declared[] {
  const own = ["server.", "trace.", "explorer.", "statusBar"];
  const manifest = extension.packageJSON as {
    contributes: { configuration: { properties: Record<string, { scope?: string }> }[] };
  };
  return manifest.contributes.configuration
    .flatMap(({ properties }) => Object.entries(properties))
    .map(([key, { scope }]) => ({ name: key.slice(SECTION.length + 1), scope: scope ?? "resource" }))
    .filter(({ name }) => !own.some((prefix) => name.startsWith(prefix)));
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
    declared(extension)
      .filter((setting) => setting.scope === "resource" && isSet(configuration.inspect(setting.name)))
      .map(({ name }): [string, unknown] => [name, configuration.get(name)])
      // null stands in package.json for what has no default.
      .filter(([, value]) => value !== null),
  );
}

/** The machine settings that the user has set: never those of a workspace. */
export function machineSettings(extension: vscode.Extension<unknown>): Record<string, unknown> {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  return tree(
    declared(extension)
      .filter(({ scope }) => scope === "machine")
      .map(({ name }): [string, unknown] => [name, configuration.inspect(name)?.globalValue])
      .filter(([, value]) => value !== undefined && value !== null),
  );
}

/** The names of settings that take effect only when the server starts. */
export function settingsOfStart(extension: vscode.Extension<unknown>): string[] {
  const machine = declared(extension).filter(({ scope }) => scope === "machine");
  return [...machine.map(({ name }) => `${SECTION}.${name}`), `${SECTION}.server`];
}

/** Names of all settings that somebody has set, with the places; no values, which may be secret. */
export function placesOfSettings(extension: vscode.Extension<unknown>): { name: string; places: string[] }[] {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  const manifest = extension.packageJSON as {
    contributes: { configuration: { properties: Record<string, unknown> }[] };
  };
  const names = manifest.contributes.configuration.flatMap(({ properties }) => Object.keys(properties));
  return names.flatMap((key) => {
    const found = configuration.inspect(key.slice(SECTION.length + 1));
    const places = [
      ...(found?.globalValue === undefined ? [] : ["user"]),
      ...(found?.workspaceValue === undefined ? [] : ["workspace"]),
      ...(found?.workspaceFolderValue === undefined ? [] : ["folder"]),
    ];
    return places.length === 0 ? [] : [{ name: key, places }];
  });
}

function isSet(found: ReturnType<vscode.WorkspaceConfiguration["inspect"]>): boolean {
  return (
    found !== undefined &&
    [found.globalValue, found.workspaceValue, found.workspaceFolderValue].some((value) => value !== undefined)
  );
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
