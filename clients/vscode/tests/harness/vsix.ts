/** Packed extensions: the one under test, and the small ones that tests use. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createVSIX } from "@vscode/vsce";
import { extensionFolder, projectFolder, testsOutput } from "./folders";

/** The packed extension under test: `PROMPTLS_VSIX`, or the newest that was packed here. */
export function packedExtension(): string {
  const named = process.env["PROMPTLS_VSIX"];
  if (named !== undefined) {
    return named;
  }
  const [newest] = [join(projectFolder, "dist"), extensionFolder]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((path) => path.endsWith(".vsix"))
    .sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  if (newest === undefined) {
    throw new Error("the extension is not packed: make vsix");
  }
  return newest;
}

/** Packs one of the small extensions of the tests, bundled before. */
export async function packTestExtension(name: "constant-hints" | "harness/probe"): Promise<string> {
  const cwd = join(testsOutput, name);
  const packagePath = join(cwd, "packed.vsix");
  await createVSIX({ cwd, packagePath, dependencies: false, allowMissingRepository: true, skipLicense: true });
  return packagePath;
}
