// Bundles the harness, the tests that need a real editor, and the small extensions they use, into out/tests.
import { build } from "esbuild";
import { cpSync, readdirSync, rmSync } from "node:fs";

const programs = [
  ...["install", "loopback", "hostRunner", "mochaInHost", "browserRunner", "try"].map((name) => `harness/${name}`),
  ...["typing", "measure"].map((name) => `browser/${name}`),
  "screenshots/main",
];
const extensions = ["constant-hints", "harness/probe"];
const tests = ["browser", "host"].flatMap((folder) =>
  readdirSync(`tests/${folder}`, { recursive: true })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `${folder}/${name.slice(0, -".ts".length)}`),
);

const common = { bundle: true, logLevel: "warning", target: "es2022", outbase: "tests", outdir: "out/tests" };

const { metafile } = await build({
  ...common,
  entryPoints: [...programs, ...tests, ...extensions.map((name) => `${name}/extension`)].map((name) => `tests/${name}.ts`),
  platform: "node",
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  packages: "external",
  sourcemap: true,
  metafile: true,
});
// Tests that are no longer there; the rest stays, for a run that may be under way.
for (const folder of ["out/tests/browser", "out/tests/host"]) {
  readdirSync(folder, { recursive: true })
    .map((name) => `${folder}/${name}`)
    .filter((path) => path.endsWith(".test.cjs") && !(path in metafile.outputs))
    .forEach((path) => rmSync(path));
}
await build({ ...common, entryPoints: ["tests/harness/page/hintWatch.ts"], platform: "browser", format: "iife" });
for (const name of extensions) {
  cpSync(`tests/${name}/package.json`, `out/tests/${name}/package.json`);
}
