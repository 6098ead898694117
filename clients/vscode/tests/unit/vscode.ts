/** A stand-in for the module `vscode` in unit tests: what modules that run without an editor use of it. */

interface FakeExtension {
  id: string;
  activate(): Promise<unknown>;
}

export const workspace: { workspaceFolders: { uri: { fsPath: string } }[] | undefined } = {
  workspaceFolders: undefined,
};

export const extensions = {
  /** The extensions that a test has "installed". */
  installed: [] as FakeExtension[],
  getExtension: (id: string): FakeExtension | undefined => extensions.installed.find((one) => one.id === id),
};

export const l10n = {
  t: (message: string, ...args: (string | number | boolean)[]): string =>
    message.replace(/\{(\d+)\}/g, (place, index: string) => String(args[Number(index)] ?? place)),
};
