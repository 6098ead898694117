/** Which documents the server is told of. */
import type { DocumentSelector, TextDocument } from "vscode";

const SCHEMES = ["file", "untitled"];

/** Every text document on disk or not yet saved: the status bar counts them all; the server knows which are prompts. */
export const COUNTED = SCHEMES.map((scheme) => ({ scheme })) satisfies DocumentSelector;

/** Whether the server is told of a document. */
export function isCounted(document: TextDocument): boolean {
  return SCHEMES.includes(document.uri.scheme);
}
