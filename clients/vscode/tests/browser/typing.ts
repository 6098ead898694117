/**
 * Measures typing into a 1 MB document in the real editor, with promptls and beside it with an extension that always
 * gives one constant hint. The time from the last key to the settled hint is printed, not judged.
 */
import { removeFolder, temporaryFolder } from "../harness/folders";
import { constantHint, promptls, typeInSession } from "./typingRounds";

/** The first round of a session is not counted: the editor is still loading its own extensions. */
const roundsPerSession = 7;

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const [ours, constant] = [promptls(), await constantHint()];
  const times = new Map<string, number[]>([[ours.name, []], [constant.name, []]]);
  const storage = temporaryFolder();
  process.env["PROMPTLS_TEST_STORAGE"] = storage;
  try {
    // Sessions of their own, so that neither waits for the other's hints; in this order, so that what drifts with
    // time (a warm disk, a hot processor) weighs on both alike.
    for (const subject of [ours, constant, constant, ours]) {
      const [, ...counted] = await typeInSession(subject, roundsPerSession);
      times.get(subject.name)!.push(...counted);
    }
  } finally {
    await removeFolder(storage);
  }
  for (const [name, list] of times) {
    const sorted = [...list].sort((one, other) => one - other).map((time) => time.toFixed(0));
    console.log(`${name.padEnd(14)} ${median(list).toFixed(0).padStart(5)} ms   (${sorted.join(", ")})`);
  }
  const ratio = median(times.get(ours.name)!) / median(times.get(constant.name)!);
  console.log(`ratio ${ratio.toFixed(2)}, goal at most 1.5`);
}

function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
