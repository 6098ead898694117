/** What a reader is told of origins and of references that stay as they are written. */
import * as vscode from "vscode";
import type { ReferenceStatus } from "../protocol";
import type { Naming } from "./blocks";

/** Names for the contents and references of a prompt. */
export const naming: Naming = {
  origin({ uri, reference }) {
    if (uri !== null) {
      return nameOf(vscode.Uri.parse(uri));
    }
    const name = reference === undefined ? vscode.l10n.t("from elsewhere") : `${reference.kind}:${reference.target}`;
    return { name, place: name };
  },
  unresolved({ status, message }) {
    return message === null ? statusLabel(status) : `${statusLabel(status)}: ${message}`;
  },
};

/** The name of a file or address, and where it is in full; queries may hold secrets and are left out. */
export function nameOf(uri: vscode.Uri): { name: string; place: string } {
  const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
  if (uri.scheme === "file") {
    return { name, place: vscode.workspace.asRelativePath(uri) };
  }
  const place = `${uri.authority}${uri.path}`;
  return { name: uri.authority === "" ? name : place, place };
}

function statusLabel(status: ReferenceStatus): string {
  switch (status) {
    case "pending":
      return vscode.l10n.t("being looked up");
    case "failed":
      return vscode.l10n.t("not resolved");
    case "blocked":
      return vscode.l10n.t("blocked");
    case "deferred":
      return vscode.l10n.t("known at run time");
    case "stale":
    case "resolved":
      return vscode.l10n.t("resolved");
  }
}
