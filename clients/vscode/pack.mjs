// Packs the extension with the server's wheels into dist/ of the project, and says what it weighs.
import { createVSIX } from "@vscode/vsce";
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

const here = import.meta.dirname;
const project = resolve(here, "../..");
const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));

function bundled() {
  try {
    return JSON.parse(readFileSync(join(here, "bundled", "manifest.json"), "utf8"));
  } catch {
    console.error("clients/vscode/bundled is missing: run `make vsix`, or python -m scripts.bundle_wheels");
    process.exit(1);
  }
}

const { target } = bundled();
const output = join(project, "dist", `promptls-${target}-${version}.vsix`);
mkdirSync(join(project, "dist"), { recursive: true });
const borrowed = ["LICENSE", "CHANGELOG.md"];
for (const name of borrowed) {
  copyFileSync(join(project, name), join(here, name));
}
try {
  await createVSIX({
    cwd: here,
    target,
    packagePath: output,
    dependencies: false,
    allowMissingRepository: true,
    // The pictures of README.md are in the package; there is no address to rewrite them to.
    rewriteRelativeLinks: false,
    skipLicense: false,
  });
} finally {
  for (const name of borrowed) {
    rmSync(join(here, name), { force: true });
  }
}
console.log(`${output} ${(statSync(output).size / 1e6).toFixed(1)} MB`);
