/**
 * Measures what a person waits for, on the packed extension: its size, its own activation, and the time from the
 * window to the first hints, on a first run and later. Beside it an extension that always gives one constant hint: what
 * the editor itself takes. Prints a table with the goals beside it; judges nothing.
 */
import { statSync } from "node:fs";
import { removeFolder, temporaryFolder } from "../harness/folders";
import { Session } from "../harness/session";
import { packedExtension, packTestExtension } from "../harness/vsix";
import { EditorWindows, type Subject, type Times } from "./editorWindows";
import { examples } from "./examples";

/** Windows that are opened of each; the median of their times is told. */
const runs = 5;
/** Windows before them, which fill the browser's caches. */
const warmUps = 2;

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const heading = /^# Ferrywell/;
  const ours = { extension: packedExtension(), title: "promptls", heading, hint: /^# Ferrywell *[\d,]+ tok/ };
  const extension = await packTestExtension("constant-hints");
  const constant = { extension, title: "Constant hints", heading, hint: /^# Ferrywell *version/ };
  const storage = temporaryFolder();
  process.env["PROMPTLS_TEST_STORAGE"] = storage;
  try {
    const first = await veryFirstRun(ours);
    const [times, floor] = await windowsOf([ours, constant], storage);
    const megabytes = statSync(ours.extension).size / 1e6;
    printRow("what", "measured", "lowest", "goal", "constant hint");
    printRow("size of the .vsix", `${megabytes.toFixed(1)} MB`, "", "≤ 40 MB");
    printTimes("activation, its own code", times!, ({ own }) => own, milliseconds, "≤ 100 ms");
    printTimes("the same as the editor tells", times!, ({ told }) => told, milliseconds, "", floor);
    printTimes("window to first hints", times!, ({ toHints }) => toHints, seconds, "≤ 3 s", floor);
    printRow("the same on the very first run", seconds(first), "", "≤ 30 s");
  } finally {
    await removeFolder(storage);
  }
}

/** Milliseconds to the first hint where nothing of the extension or the editor was ever run. */
async function veryFirstRun({ heading, hint }: Subject): Promise<number> {
  const session = await Session.start({ workspace: examples, open: "CLAUDE.md" });
  try {
    await session.workbench.editor.waitForLine(heading);
    const shown = Date.now();
    await session.workbench.editor.waitForLine(hint);
    return Date.now() - shown;
  } finally {
    await session.end();
  }
}

/** Their windows by turns, so that both meet the same machine. */
async function windowsOf(subjects: Subject[], storage: string): Promise<Times[][]> {
  const editors = [];
  try {
    for (const subject of subjects) {
      editors.push(await EditorWindows.start(subject, await examples(), storage));
    }
    const times: Times[][] = subjects.map(() => []);
    for (let run = -warmUps; run < runs; run += 1) {
      for (const [index, editor] of editors.entries()) {
        const opened = await editor.open("CLAUDE.md");
        if (run >= 0) {
          times[index]!.push(opened);
        }
      }
    }
    return times;
  } finally {
    for (const editor of editors) {
      await editor.end();
    }
  }
}

function printTimes(
  what: string,
  times: Times[],
  figure: (times: Times) => number,
  written: (milliseconds: number) => string,
  goal: string,
  floor?: Times[],
): void {
  const figures = times.map(figure);
  const beside = floor === undefined ? "" : written(median(floor.map(figure)));
  printRow(what, written(median(figures)), written(Math.min(...figures)), goal, beside);
}

/** The lowest says what a busy machine adds. */
function printRow(what: string, measured: string, lowest: string, goal: string, beside = ""): void {
  console.log(`${what.padEnd(32)} ${measured.padStart(10)} ${lowest.padStart(10)}   ${goal.padEnd(10)} ${beside}`);
}

function milliseconds(value: number): string {
  return `${value.toFixed(0)} ms`;
}

function seconds(value: number): string {
  return `${(value / 1000).toFixed(1)} s`;
}

function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)]!;
}
