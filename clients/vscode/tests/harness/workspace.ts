/** Folders for an editor to open, made of what a test writes down or of copies of real ones. */
import { cp, mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Settings } from "./codeServer";
import { removeFolder, temporaryFolder } from "./folders";

/** Contents by path below the root. */
export type Files = Record<string, string>;

export class Workspace {
  private constructor(
    readonly folder: string,
    readonly roots: string[],
    /** What a window is opened on: the folder itself, or the `.code-workspace` file of several. */
    readonly opened: string,
  ) {}

  /** One folder with these files. */
  static async of(files: Files): Promise<Workspace> {
    const folder = await newFolder();
    const root = join(folder, "workspace");
    await mkdir(root);
    await writeFiles(root, files);
    return new Workspace(folder, [root], root);
  }

  /** Several folders in one window. */
  static async ofRoots(roots: Record<string, Files>): Promise<Workspace> {
    const folder = await newFolder();
    const names = Object.keys(roots);
    for (const name of names) {
      await mkdir(join(folder, name));
      await writeFiles(join(folder, name), roots[name]!);
    }
    const opened = join(folder, "several.code-workspace");
    await writeFile(opened, JSON.stringify({ folders: names.map((path) => ({ path })) }));
    return new Workspace(folder, names.map((name) => join(folder, name)), opened);
  }

  /** A copy of a real folder, so that tests leave the original alone. */
  static async copyOf(original: string, files: Files = {}): Promise<Workspace> {
    const folder = await newFolder();
    const root = join(folder, "workspace");
    // Of a link, cp would copy the link, and tests would write to the original.
    await cp(await realpath(original), root, { recursive: true });
    await writeFiles(root, files);
    return new Workspace(folder, [root], root);
  }

  path(file: string): string {
    return join(this.roots[0]!, file);
  }

  async read(file: string): Promise<string> {
    return await readFile(this.path(file), "utf8");
  }

  async write(file: string, text: string): Promise<void> {
    await writeFiles(this.roots[0]!, { [file]: text });
  }

  /** Sets what the first folder's settings are; an open window follows. */
  async changeSettings(settings: Settings): Promise<void> {
    await this.write(".vscode/settings.json", JSON.stringify(settings));
  }

  async remove(): Promise<void> {
    await removeFolder(this.folder);
  }
}

async function newFolder(): Promise<string> {
  return await realpath(temporaryFolder());
}

async function writeFiles(root: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}
