/** The figures of a document after a change that the server hears of in its own time. */
import type * as vscode from "vscode";
import type { Connection } from "../client/connection";
import type { Summary } from "../protocol";

/** Milliseconds: settings are asked for anew, the document judged, and perhaps counted in another encoding. */
const LONGEST = 3_000;

/** The first summary that is as expected, or, after three seconds, the last one that was given. */
export async function summaryAfter(
  connection: Connection,
  uri: vscode.Uri,
  isExpected: (summary: Summary) => boolean,
): Promise<Summary | undefined> {
  const until = Date.now() + LONGEST;
  let last: Summary | undefined;
  let wake: () => void = () => undefined;
  const subscription = connection.onDidChangeReport((other) => {
    if (other.toString() === uri.toString()) {
      wake();
    }
  });
  const timer = setTimeout(() => {
    wake();
  }, LONGEST + 1);
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => (wake = resolve));
      last = (await connection.summary(uri)) ?? last;
      if ((last !== undefined && isExpected(last)) || Date.now() >= until) {
        return last;
      }
      await woken;
    }
  } finally {
    clearTimeout(timer);
    subscription.dispose();
  }
}
