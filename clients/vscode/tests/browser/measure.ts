/**
 * Measures what a person waits for, on the packed extension: its size, its own activation, and the time from the
 * window to the first hints, on a first run and later. Prints a table with the goals beside it; judges nothing.
 */
import { statSync } from "node:fs";
import { removeFolder, temporaryFolder } from "../harness/folders";
import { Session } from "../harness/session";
import { packedExtension } from "../harness/vsix";
import { examples } from "./examples";

/** Windows that are opened after the first run; the median of their times is told. */
const laterRuns = 5;

interface Times {
  /** Milliseconds from the window being there, with the document's text, to its first hint. */
  toHints: number;
  /** Milliseconds, as the editor itself tells: loading the code and activating. */
  activation: number;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const storage = temporaryFolder();
  process.env["PROMPTLS_TEST_STORAGE"] = storage;
  try {
    const first = await openOnce();
    const later: Times[] = [];
    for (let run = 0; run < laterRuns; run += 1) {
      later.push(await openOnce());
    }
    const megabytes = statSync(packedExtension()).size / 1e6;
    const activations = later.map(({ activation }) => activation);
    const waits = later.map(({ toHints }) => toHints);
    printRow("what", "measured", "lowest", "goal");
    printRow("size of the .vsix", `${megabytes.toFixed(1)} MB`, "", "≤ 40 MB");
    printRow("activation of the extension", `${median(activations)} ms`, `${Math.min(...activations)} ms`, "≤ 100 ms");
    printRow("window to first hints", seconds(median(waits)), seconds(Math.min(...waits)), "≤ 3 s");
    printRow("the same on the very first run", seconds(first.toHints), "", "≤ 30 s");
  } finally {
    await removeFolder(storage);
  }
}

async function openOnce(): Promise<Times> {
  const session = await Session.start({ workspace: examples, open: "CLAUDE.md" });
  try {
    const { workbench } = session;
    await workbench.editor.waitForLine(/^# Ferrywell/);
    const shown = Date.now();
    await workbench.editor.waitForLine(/^# Ferrywell *[\d,]+ tok/);
    const toHints = Date.now() - shown;
    // The list is sorted by time, and only the rows in view are there.
    await workbench.page.setViewportSize({ width: 1280, height: 3000 });
    await workbench.runCommand("Developer: Show Running Extensions");
    const row = workbench.page.locator(".runtime-extensions-editor .monaco-list-row", { hasText: /^promptls/ });
    const told = /Activation: (\d+)ms/.exec((await row.textContent()) ?? "");
    return { toHints, activation: Number(told?.[1]) };
  } finally {
    await session.end();
  }
}

/** The lowest says what a busy machine adds. */
function printRow(what: string, measured: string, lowest: string, goal: string): void {
  console.log(`${what.padEnd(32)} ${measured.padStart(10)} ${lowest.padStart(10)}   ${goal}`);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)]!;
}
