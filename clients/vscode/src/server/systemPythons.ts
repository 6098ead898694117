/** Where Pythons are on a system: on PATH, and in the usual places, since a window's PATH may be short. */
import { readdir } from "node:fs/promises";
import { posix, win32 } from "node:path";
import { isProgram, pathsOf, realPath, searchPath, type System, variable } from "./system";

/** A program to be asked whether it is a Python. */
export interface Candidate {
  program: string;
  /** What stands before Python's own arguments: `-3` for Windows' launcher. */
  args: string[];
}

const VERSIONS = ["3.14", "3.13", "3.12", "3.11"];

/** The programs on this system that may be Pythons, the likeliest first; each is there and can be run. */
export async function* systemPythons(system: System): AsyncGenerator<Candidate> {
  const seen = new Set<string>();
  for (const pattern of [...onPath(system), ...usualPlaces(system)]) {
    for (const program of await expand(pattern, system.platform)) {
      if (seen.has(program) || !(await isProgram(program, system.platform))) {
        continue;
      }
      seen.add(program);
      if (system.platform === "darwin" && (await asksForTools(program))) {
        continue;
      }
      yield { program, args: win32.basename(program).toLowerCase() === "py.exe" ? ["-3"] : [] };
    }
  }
}

function namesOf({ platform }: System): string[] {
  const names = [...VERSIONS.map((version) => `python${version}`), "python3", "python"];
  return platform === "win32" ? [...names.map((name) => `${name}.exe`), "py.exe"] : names;
}

function onPath(system: System): string[] {
  const folders = searchPath(system);
  return namesOf(system).flatMap((name) => folders.map((folder) => pathsOf(system.platform).join(folder, name)));
}

/** Paths of programs, in which a `*` stands for any part of a name. */
export function usualPlaces(system: System): string[] {
  return system.platform === "win32" ? placesOnWindows(system) : placesOnPosix(system);
}

function placesOnPosix(system: System): string[] {
  const { home, platform } = system;
  const data = variable(system, "XDG_DATA_HOME") ?? `${home}/.local/share`;
  const pyenv = variable(system, "PYENV_ROOT") ?? `${home}/.pyenv`;
  const mac = platform === "darwin";
  const folders = [
    ...(mac ? ["/opt/homebrew/bin", "/usr/local/bin", "/opt/local/bin"] : ["/usr/bin", "/usr/local/bin"]),
    `${home}/.local/bin`,
    ...(mac ? ["/usr/bin"] : ["/home/linuxbrew/.linuxbrew/bin", "/run/current-system/sw/bin"]),
    `${home}/.nix-profile/bin`,
  ];
  const installations = [
    ...(mac ? ["/Library/Frameworks/Python.framework/Versions/3.*"] : []),
    `${variable(system, "UV_PYTHON_INSTALL_DIR") ?? `${data}/uv/python`}/*`,
    `${pyenv}/versions/*`,
    `${variable(system, "MISE_DATA_DIR") ?? `${data}/mise`}/installs/python/*`,
    `${variable(system, "ASDF_DATA_DIR") ?? `${home}/.asdf`}/installs/python/*`,
    ...["miniforge3", "miniconda3", "anaconda3", "mambaforge"].map((name) => `${home}/${name}`),
    ...["/opt/conda", "/opt/miniconda3", "/opt/homebrew/Caskroom/miniconda/base"],
  ];
  return [
    ...folders.flatMap((folder) => namesOf(system).map((name) => `${folder}/${name}`)),
    `${pyenv}/shims/python3`,
    ...installations.map((folder) => `${folder}/bin/python3`),
  ].filter((path) => posix.isAbsolute(path));
}

function placesOnWindows(system: System): string[] {
  const local = variable(system, "LOCALAPPDATA") ?? `${system.home}\\AppData\\Local`;
  const roaming = variable(system, "APPDATA") ?? `${system.home}\\AppData\\Roaming`;
  const programs = variable(system, "ProgramFiles") ?? "C:\\Program Files";
  const windows = variable(system, "SystemRoot") ?? "C:\\Windows";
  const shared = variable(system, "ProgramData") ?? "C:\\ProgramData";
  const folders = [
    `${local}\\Programs\\Python\\Python3*`,
    `${programs}\\Python3*`,
    "C:\\Python3*",
    `${local}\\Python\\pythoncore-3*`,
    `${roaming}\\uv\\python\\*`,
    `${system.home}\\.pyenv\\pyenv-win\\versions\\*`,
    `${system.home}\\scoop\\apps\\python\\current`,
    ...[system.home, local, shared].flatMap((base) =>
      ["miniforge3", "miniconda3", "anaconda3"].map((name) => `${base}\\${name}`),
    ),
  ];
  return [
    `${windows}\\py.exe`,
    `${local}\\Programs\\Python\\Launcher\\py.exe`,
    ...folders.map((folder) => `${folder}\\python.exe`),
  ];
}

/** The paths that a pattern stands for, higher version numbers first. */
export async function expand(pattern: string, platform: NodeJS.Platform): Promise<string[]> {
  const paths = pathsOf(platform);
  const parts = pattern.split(paths.sep);
  const index = parts.findIndex((part) => part.includes("*"));
  if (index < 0) {
    return [pattern];
  }
  const [before = "", after = ""] = (parts[index] ?? "").split("*");
  const folder = parts.slice(0, index).join(paths.sep) + paths.sep;
  const names = (await readdir(folder).catch(() => [])).filter(
    (name) => name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after),
  );
  names.sort((one, other) => other.localeCompare(one, "en", { numeric: true }));
  return names.map((name) => paths.join(folder, name, ...parts.slice(index + 1)));
}

/** Whether a program is macOS' own `python3` without its tools: run, it opens a window that offers to install them. */
async function asksForTools(program: string): Promise<boolean> {
  if ((await realPath(program)) !== "/usr/bin/python3") {
    return false;
  }
  const tools = ["/var/db/xcode_select_link", "/Library/Developer/CommandLineTools"];
  const found = await Promise.all(tools.map((folder) => isProgram(`${folder}/usr/bin/python3`, "darwin")));
  return !found.includes(true);
}
