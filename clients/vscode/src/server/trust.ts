/** What may be run while the workspace is not trusted: nothing that lies inside of it. */
import { isAbsolute, relative } from "node:path";
import * as vscode from "vscode";
import { realPath } from "./system";

export class TrustBoundary {
  private constructor(private readonly folders: readonly string[]) {}

  /** The boundary around the folders of the workspace; none while it is trusted. */
  static async of(trusted: boolean): Promise<TrustBoundary> {
    const folders = trusted ? [] : (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
    const real = await Promise.all(folders.map(realPath));
    return new TrustBoundary([...new Set([...folders, ...real])]);
  }

  /** Whether a program may be run, as it is named and where its links lead. */
  async allows(program: string): Promise<boolean> {
    const real = await realPath(program);
    return !this.folders.some((folder) => isInside(program, folder) || isInside(real, folder));
  }
}

function isInside(path: string, folder: string): boolean {
  // Where the system may not tell cases apart, neither does this.
  const fold = (text: string): string => (process.platform === "linux" ? text : text.toLowerCase());
  const way = relative(fold(folder), fold(path));
  return way !== ".." && !way.startsWith("../") && !way.startsWith("..\\") && !isAbsolute(way);
}
