/** Where things are: the extension, the project around it, and what the tests leave behind. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The folder of the extension: the nearest one above this file whose package.json is the extension's. */
export const extensionFolder = findExtensionFolder(__dirname);
export const projectFolder = join(extensionFolder, "..", "..");
export const testsOutput = join(extensionFolder, "out", "tests");

/** Where screenshots are put; `PROMPTLS_SCREENSHOTS` names another folder. */
export function screenshotsFolder(): string {
  const folder = process.env["PROMPTLS_SCREENSHOTS"] ?? join(extensionFolder, "out", "screenshots");
  mkdirSync(folder, { recursive: true });
  return folder;
}

const temporary = new Set<string>();

/** A new temporary folder. Its path is short: sockets of the editor lie in it. */
export function temporaryFolder(): string {
  if (temporary.size === 0) {
    process.once("exit", removeLeftFolders);
  }
  const folder = mkdtempSync(join(tmpdir(), "promptls-"));
  temporary.add(folder);
  return folder;
}

/** What a run leaves that is ended from outside. */
function removeLeftFolders(): void {
  for (const folder of temporary) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Something still writes in it; the system clears its temporary folder in time.
    }
  }
}

/** Removes a folder in which processes that are just ending may still write. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

function findExtensionFolder(from: string): string {
  const manifest = join(from, "package.json");
  if (existsSync(manifest)) {
    const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { name?: string };
    if (name === "promptls") {
      return from;
    }
  }
  if (dirname(from) === from) {
    throw new Error("the tests were started outside of the extension's folder");
  }
  return findExtensionFolder(dirname(from));
}
