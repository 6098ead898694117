/** The real VS Code that tests run: which versions, and where they lie. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { projectFolder } from "./folders";

/** Exact versions. code-server 4.139 is Code 1.139 and runs on Node 24 only. */
export const pins = { node: "24.21.0", codeServer: "4.139.1" } as const;

/** The npm package that holds the `node` program for this system. */
export const nodePackage = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;

export interface Editors {
  /** The folder that holds it all. */
  folder: string;
  /** Node 24 as npm unpacked it, with its headers. */
  nodeFolder: string;
  nodeProgram: string;
  codeServerFolder: string;
  /** What `nodeProgram` runs to start code-server. */
  codeServerEntry: string;
  /** Written when the installation is complete; holds the version. */
  mark: string;
}

/** The layout of the editors' folder: `.cache/editors` of the project, or what `PROMPTLS_EDITORS` names. */
export function editors(): Editors {
  const folder = resolve(process.env["PROMPTLS_EDITORS"] ?? join(projectFolder, ".cache", "editors"));
  const nodeFolder = join(folder, "node", "node_modules", nodePackage);
  const codeServerFolder = join(folder, "code-server", "node_modules", "code-server");
  return {
    folder,
    nodeFolder,
    nodeProgram: join(nodeFolder, "bin", "node"),
    codeServerFolder,
    codeServerEntry: join(codeServerFolder, "out", "node", "entry.js"),
    mark: join(folder, "code-server", ".complete"),
  };
}

/** The editors' folder, for those who start the editor. Throws when there is nothing to start. */
export function installedEditors(): Editors {
  const found = editors();
  if (!existsSync(found.nodeProgram) || !existsSync(found.codeServerEntry)) {
    throw new Error(`there is no editor in ${found.folder}: run "npm run editors" in clients/vscode first`);
  }
  return found;
}

/** The Chromium that the tests drive: `PROMPTLS_CHROMIUM`, or the system's. */
export function chromium(): string {
  const named = process.env["PROMPTLS_CHROMIUM"];
  const places = named === undefined ? ["/usr/bin/chromium", "/usr/bin/chromium-browser"] : [named];
  const found = places.find((place) => existsSync(place));
  if (found === undefined) {
    throw new Error(`no Chromium at ${places.join(" or ")}: install it, or name it in PROMPTLS_CHROMIUM`);
  }
  return found;
}
