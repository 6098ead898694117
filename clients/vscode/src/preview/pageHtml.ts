/** The HTML of the page: an empty shell; everything in it is made by its script, as text. */
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { pageTexts } from "./pageTexts";

/** The only folder that the page may load from. */
export function pageRoot(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, "dist");
}

/** A page that runs our script and our style sheet and nothing else. */
export function pageHtml(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const nonce = randomBytes(18).toString("base64url");
  const address = (name: string): string =>
    escaped(webview.asWebviewUri(vscode.Uri.joinPath(pageRoot(extensionUri), name)).toString());
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${escaped(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link nonce="${nonce}" rel="stylesheet" href="${address("preview-style.css")}">
<title>${escaped(vscode.l10n.t("Rendered prompt"))}</title>
</head>
<body data-texts="${escaped(JSON.stringify(pageTexts()))}">
<script nonce="${nonce}" src="${address("preview.js")}"></script>
</body>
</html>`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
