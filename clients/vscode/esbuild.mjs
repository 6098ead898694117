// Bundles the extension into dist/, or (--tests) the unit tests into out/.
import { build, context } from "esbuild";
import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";

const watching = process.argv.includes("--watch");
const common = { bundle: true, sourcemap: true, logLevel: "warning", target: "es2022" };
const onNode = {
  ...common,
  platform: "node",
  format: "cjs",
  // vscode-languageclient's dependencies have ESM builds that cannot be required by name.
  mainFields: ["module", "main"],
};

/** @type {import("esbuild").BuildOptions[]} */
const outputs = process.argv.includes("--tests")
  ? [
      {
        ...onNode,
        entryPoints: readdirSync("tests/unit", { recursive: true })
          .filter((name) => name.endsWith(".test.ts"))
          .map((name) => `tests/unit/${name}`),
        outbase: ".",
        outdir: "out",
        outExtension: { ".js": ".cjs" },
        external: ["mocha"],
        alias: { vscode: "./tests/unit/vscode.ts" },
      },
    ]
  : [
      {
        ...onNode,
        // The client's library is a file of its own, read when there is a server to talk to.
        entryPoints: { extension: "src/extension.ts", library: "src/client/library.ts" },
        outdir: "dist",
        external: ["vscode", "./library"],
        // `import()` of a CommonJS file becomes `require`, which knows the module "vscode".
        supported: { "dynamic-import": false },
        minify: !watching,
        sourcemap: watching,
      },
      {
        ...common,
        entryPoints: { preview: "src/preview/page/preview.ts", "preview-style": "src/preview/page/preview.css" },
        outdir: "dist",
        platform: "browser",
        format: "iife",
        minify: !watching,
        sourcemap: false,
      },
    ];

await rm(process.argv.includes("--tests") ? "out/tests/unit" : "dist", { recursive: true, force: true });
for (const options of outputs) {
  if (watching) {
    await (await context(options)).watch();
  } else {
    await build(options);
  }
}
