/** Typing into a 1 MB document: what is typed, what has to come of it, and how long the hint takes to settle. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { largeDocument, type LargeDocument } from "../harness/documents";
import { removeFolder, temporaryFolder, testsOutput } from "../harness/folders";
import type { HintReading, HintWatchInPage } from "../harness/page/hintWatch";
import { Probe } from "../harness/probe";
import type { ProbeReading } from "../harness/probe/extension";
import { Session } from "../harness/session";
import { packedExtension, packTestExtension } from "../harness/vsix";
import { Workspace } from "../harness/workspace";

const keysPerSecond = 15;
const keysPerRound = 200;
/** Milliseconds after which a hint that has not changed is looked at. */
const settledAfter = 2_500;
/** Milliseconds in which a hint has to be right. */
const patience = 60_000;
const file = "prompts/large.md";

/** Whose hints are watched. */
export interface Subject {
  name: string;
  /** The packed extension. */
  extension: string;
  /** Throws when the settled line is not what it has to be. */
  check: (line: string, reading: ProbeReading, heading: string) => void;
}

export function promptls(): Subject {
  return { name: "promptls", extension: packedExtension(), check: showsTokens };
}

/** The extension that always gives one constant hint. */
export async function constantHint(): Promise<Subject> {
  return { name: "constant hint", extension: await packTestExtension("constant-hints"), check: showsVersion };
}

/**
 * Types 200 characters, so many times, in a new window. Gives the milliseconds from the last key to the settled hint.
 * Throws when a key was lost, when the server's text differs from the editor's, or when the hint never is right.
 */
export async function typeInSession(subject: Subject, rounds: number): Promise<number[]> {
  const document = largeDocument(1_000_000);
  const scratch = temporaryFolder();
  const probe = new Probe(join(scratch, "probe.json"));
  const session = await Session.start({
    workspace: async () => await Workspace.of({ [file]: document.text }),
    open: file,
    extensions: [subject.extension, await packTestExtension("harness/probe")],
    environment: probe.environment,
  });
  try {
    return await typeRounds(session, subject, document, probe, rounds);
  } catch (error) {
    await session.keepEvidence(`typing ${subject.name}`);
    throw error;
  } finally {
    await session.end();
    await removeFolder(scratch);
  }
}

async function typeRounds(
  session: Session,
  subject: Subject,
  document: LargeDocument,
  probe: Probe,
  rounds: number,
): Promise<number[]> {
  const { page, editor } = session.workbench;
  await page.evaluate(await readFile(join(testsOutput, "harness", "page", "hintWatch.js"), "utf8"));
  await editor.goTo(document.line + 2);
  const before = new RegExp(`${document.heading} *(version|[\\d,]+ tok)`);
  await editor.waitForLine(before);
  const times: number[] = [];
  let expected = document.text;
  for (let round = 0; round < rounds; round += 1) {
    const typed = words(round);
    await page.evaluate((heading) => { (globalThis as unknown as InPage).hintWatch.start(heading); }, document.heading);
    await editor.type(typed, keysPerSecond);
    expected = insertedAtLine(expected, document.line + 2, typed, round);
    const { reading, probed } = await settled(page, probe, (line, seen) => { subject.check(line, seen, document.heading); });
    assert.equal(probed.editorText, expected, "the editor lost keys");
    if (probed.serverText !== null) {
      assert.equal(probed.serverText, expected, "the server's text differs from the editor's");
    }
    times.push(reading.lastChange - reading.lastKey);
    console.log(`${subject.name}: ${typed.length} keys, settled after ${times.at(-1)!.toFixed(0)} ms and ${reading.changes} changes: ${reading.line ?? ""}`);
  }
  await editor.save();
  assert.equal(await session.workspace.read(file), expected, "the saved file differs from what was typed");
  return times;
}

interface InPage {
  hintWatch: HintWatchInPage;
}

/** Waits until the line of the hint is what it has to be, and no longer changes. */
async function settled(
  page: Page,
  probe: Probe,
  check: (line: string, probed: ProbeReading) => void,
): Promise<{ reading: HintReading; probed: ProbeReading }> {
  const until = Date.now() + patience;
  for (;;) {
    await page.waitForTimeout(200);
    const reading = await page.evaluate(() => (globalThis as unknown as InPage).hintWatch.read());
    if (reading.now - Math.max(reading.lastKey, reading.lastChange) < settledAfter) {
      continue;
    }
    const probed = await probe.read(page);
    try {
      check(reading.line ?? "", probed);
      return { reading, probed };
    } catch (error) {
      if (Date.now() > until) {
        throw error;
      }
    }
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
