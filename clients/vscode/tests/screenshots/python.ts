/** The programs that make pictures small and animations of them: Python with Pillow. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { extensionFolder, projectFolder } from "../harness/folders";

/** Throws when no Pillow is there, before the pictures are taken. */
export function requirePillow(): void {
  python(["-c", "import PIL"], "it needs Pillow: pip install '.[dev]'");
}

/** Gives pictures palettes of their own, in place. Throws when one stays too large. */
export function shrink(pictures: string[]): void {
  python([join(extensionFolder, "tests", "screenshots", "shrink.py"), ...pictures], "a picture is too large");
}

/** Runs a module of the project. */
export function pythonModule(name: string, ...options: string[]): void {
  python(["-m", name, ...options], `${name} failed`);
}

/** With the Python that `PYTHON` names, or that of the project's own environment. */
function python(command: string[], otherwise: string): void {
  const own = join(projectFolder, ".venv", "bin", "python");
  const program = process.env["PYTHON"] ?? (existsSync(own) ? own : "python3");
  const env = { ...process.env, PYTHONPATH: projectFolder };
  if (spawnSync(program, command, { stdio: "inherit", cwd: projectFolder, env }).status !== 0) {
    throw new Error(`${program}: ${otherwise}`);
  }
}
