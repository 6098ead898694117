/** The wheels that the extension carries, as `scripts/bundle_wheels.py` wrote them down. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

export interface Bundle {
  /** Folder of the wheels. */
  wheels: string;
  /** Path of pip's wheel, from which pip is run. */
  pip: string;
  /** Version of promptls. */
  version: string;
  /** Changes whenever one of the wheels does. */
  digest: string;
  /** The platform of the Pythons that the wheels are for: `linux-x64`, `alpine-x64`, `win32-x64`, … */
  platform: string;
  /** `3.11`, …, from the oldest to the newest. */
  pythons: string[];
}

type Manifest = Record<"version" | "digest" | "platform" | "pip", string> & { format: number; pythons: string[] };

/** The bundle of this extension; undefined where it carries none, or not all of it. */
export async function readBundle(extensionFolder: string): Promise<Bundle | undefined> {
  const folder = join(extensionFolder, "bundled");
  const wheels = join(folder, "wheels");
  try {
    const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")) as Manifest;
    if (manifest.format !== 1) {
      return undefined;
    }
    const pip = join(wheels, manifest.pip);
    await stat(pip);
    const { version, digest, platform, pythons } = manifest;
    return { wheels, pip, version, digest, platform, pythons };
  } catch {
    return undefined;
  }
}
