/** Asking the server for what the preview shows. */
import type { CancellationToken, Uri } from "vscode";
import type { Connection } from "../client/connection";
import type { Rendering, Report } from "../protocol";

/** A rendering and the report of the same version. */
export interface Loaded {
  rendering: Rendering;
  report: Report;
}

/** How often both are asked for while the document is edited. */
const TRIES = 3;

/** `unavailable`: the server has no answer; `edited`: the document changes faster than it is rendered. */
export async function load(
  connection: Pick<Connection, "render" | "report">,
  uri: Uri,
  token: CancellationToken,
): Promise<Loaded | "unavailable" | "edited"> {
  for (let tried = 0; tried < TRIES && !token.isCancellationRequested; tried += 1) {
    const rendering = await connection.render(uri, token);
    const report = rendering && (await connection.report(uri, token));
    if (rendering === undefined || report === undefined) {
      return "unavailable";
    }
    if (report.version === rendering.version) {
      return { rendering, report };
    }
  }
  return "edited";
}
