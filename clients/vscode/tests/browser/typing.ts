/**
 * Types into a 1 MB document in the real editor, with promptls and beside it with an extension that always gives one
 * constant hint. Fails when a key was lost, when the server's text differs from the editor's, or when a settled hint
 * is wrong. The time from the last key to the settled hint is printed, not judged.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { largeDocument, type LargeDocument } from "../harness/documents";
import { testsOutput, removeFolder, temporaryFolder } from "../harness/folders";
import type { HintReading, HintWatchInPage } from "../harness/page/hintWatch";
import { Probe } from "../harness/probe";
import type { ProbeReading } from "../harness/probe/extension";
import { Session } from "../harness/session";
import { packedExtension, packTestExtension } from "../harness/vsix";
import { Workspace } from "../harness/workspace";

const keysPerSecond = 15;
const keysPerRound = 200;
const roundsPerSession = 3;
/** A hint that has not changed for so many milliseconds is settled. */
const settledAfter = 2_500;
const file = "prompts/large.md";

/** What is compared, each in sessions of its own, so that neither waits for the other's hints. */
interface Subject {
  name: string;
  extension: string;
  /** Throws when the settled line is not what it has to be. */
  check: (line: string, reading: ProbeReading, heading: string) => void;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const probe = await packTestExtension("harness/probe");
  const constant: Subject = { name: "constant hint", extension: await packTestExtension("constant-hints"), check: showsVersion };
  const promptls: Subject = { name: "promptls", extension: packedExtension(), check: showsTokens };
  const times = new Map<Subject, number[]>([[promptls, []], [constant, []]]);
  const storage = temporaryFolder();
  process.env["PROMPTLS_TEST_STORAGE"] = storage;
  try {
    // In this order, what drifts with time (a warm disk, a hot processor) weighs on both alike.
    for (const subject of [promptls, constant, constant, promptls]) {
      times.get(subject)!.push(...(await typeInSession(subject, probe)));
    }
  } finally {
    await removeFolder(storage);
  }
  const [ours, theirs] = [median(times.get(promptls)!), median(times.get(constant)!)];
  for (const [subject, list] of times) {
    const sorted = [...list].sort((one, other) => one - other).map((time) => time.toFixed(0));
    console.log(`${subject.name.padEnd(14)} ${median(list).toFixed(0).padStart(5)} ms   (${sorted.join(", ")})`);
  }
  console.log(`ratio ${(ours / theirs).toFixed(2)}, goal at most 1.5`);
}

/** Milliseconds from the last key to the settled hint, once a round. */
async function typeInSession(subject: Subject, probeExtension: string): Promise<number[]> {
  const document = largeDocument(1_000_000);
  const scratch = temporaryFolder();
  const probe = new Probe(join(scratch, "probe.json"));
  const session = await Session.start({
    workspace: async () => await Workspace.of({ [file]: document.text }),
    open: file,
    extensions: [subject.extension, probeExtension],
    environment: probe.environment,
  });
  try {
    return await typeRounds(session, subject, document, probe);
  } catch (error) {
    await session.keepEvidence(`typing ${subject.name}`);
    throw error;
  } finally {
    await session.end();
    await removeFolder(scratch);
  }
}

async function typeRounds(session: Session, subject: Subject, document: LargeDocument, probe: Probe): Promise<number[]> {
  const { page, editor } = session.workbench;
  await page.evaluate(await readFile(join(testsOutput, "harness", "page", "hintWatch.js"), "utf8"));
  await editor.goTo(document.line + 2);
  const before = new RegExp(`${document.heading} *(version|[\\d,]+ tok)`);
  await editor.waitForLine(before);
  const times: number[] = [];
  let expected = document.text;
  for (let round = 0; round < roundsPerSession; round += 1) {
    const typed = words(round);
    await page.evaluate((heading) => { (globalThis as unknown as InPage).hintWatch.start(heading); }, document.heading);
    await editor.type(typed, keysPerSecond);
    const reading = await settled(page);
    times.push(reading.lastChange - reading.lastKey);
    expected = insertedAtLine(expected, document.line + 2, typed, round);
    const probed = await probe.read(page);
    assert.equal(probed.editorText, expected, "the editor lost keys");
    if (probed.serverText !== null) {
      assert.equal(probed.serverText, expected, "the server's text differs from the editor's");
    }
    subject.check(reading.line ?? "", probed, document.heading);
    console.log(`${subject.name}: ${typed.length} keys, settled after ${times.at(-1)!.toFixed(0)} ms and ${reading.changes} changes: ${reading.line ?? ""}`);
  }
  await editor.save();
  assert.equal(await session.workspace.read(file), expected, "the saved file differs from what was typed");
  return times;
}

interface InPage {
  hintWatch: HintWatchInPage;
}

/** Waits until the line of the hint has not changed for a while. */
async function settled(page: Page): Promise<HintReading> {
  for (;;) {
    const reading = await page.evaluate(() => (globalThis as unknown as InPage).hintWatch.read());
    if (reading.now - Math.max(reading.lastKey, reading.lastChange) > settledAfter) {
      return reading;
    }
    await page.waitForTimeout(200);
  }
}

/** 200 keys. The last one, a letter after a digit, is a token of its own: the hint changes with it in any case. */
function words(round: number): string {
  const text = "Answer in the language of the question and name the source of each figure. ".repeat(4);
  return `${text.slice(round, round + keysPerRound - 3)} 7a`;
}

/** The cursor stays where typing stopped: a round goes on where the one before ended. */
function insertedAtLine(text: string, line: number, typed: string, round: number): string {
  const lines = text.split("\n");
  const column = round * typed.length;
  const old = lines[line - 1]!;
  lines[line - 1] = old.slice(0, column) + typed + old.slice(column);
  return lines.join("\n");
}

function showsVersion(line: string, reading: ProbeReading, heading: string): void {
  assert.equal(line.slice(heading.length).trim(), `version ${reading.version}`);
}

function showsTokens(line: string, reading: ProbeReading, heading: string): void {
  const section = reading.report!.sections.find(({ title }) => heading.endsWith(` ${title}`));
  assert.match(line, new RegExp(`^${heading} *${section!.tokens!.toLocaleString("en-US")} tok$`));
}

function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
