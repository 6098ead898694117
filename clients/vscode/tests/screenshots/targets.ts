/** Where the pictures lie in the project. */
import { join } from "node:path";
import { extensionFolder, projectFolder } from "../harness/folders";

/** A picture of the documentation. */
export function documentation(name: string): string {
  return join(projectFolder, "docs", "images", name);
}

/** A picture of the extension's walkthrough. */
export function walkthrough(name: string): string {
  return join(extensionFolder, "media", "walkthrough", name);
}
