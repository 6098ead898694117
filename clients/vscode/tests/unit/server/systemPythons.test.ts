import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { systemPythons, expand, usualPlaces } from "../../../src/server/systemPythons";
import { program, systemWith, temporaryFolder } from "./fixtures";

suite("the usual places of Pythons", () => {
  const check = (platform: NodeJS.Platform, variables: NodeJS.ProcessEnv, ...expected: string[]): void => {
    test(`${platform}: ${expected[0] ?? ""}`, () => {
      const places = usualPlaces({ platform, variables, home: platform === "win32" ? "C:\\Users\\ann" : "/home/ann" });
      assert.deepEqual(expected.filter((place) => !places.includes(place)), []);
    });
  };
  check("linux", {}, "/usr/bin/python3", "/usr/local/bin/python3.14", "/home/ann/.local/bin/python3.12");
  check("linux", {}, "/home/ann/.pyenv/versions/*/bin/python3", "/home/ann/.local/share/uv/python/*/bin/python3");
  check("linux", { PYENV_ROOT: "/opt/pyenv" }, "/opt/pyenv/versions/*/bin/python3", "/opt/pyenv/shims/python3");
  check("darwin", {}, "/opt/homebrew/bin/python3.13", "/Library/Frameworks/Python.framework/Versions/3.*/bin/python3");
  check("darwin", {}, "/opt/local/bin/python3.11", "/home/ann/.asdf/installs/python/*/bin/python3");
  check("win32", {}, "C:\\Users\\ann\\AppData\\Local\\Programs\\Python\\Python3*\\python.exe", "C:\\Windows\\py.exe");
  check("win32", { LocalAppData: "D:\\L" }, "D:\\L\\Programs\\Python\\Python3*\\python.exe");

  test("are absolute, whatever the variables say", () => {
    const places = usualPlaces({ platform: "linux", variables: { PYENV_ROOT: "evil" }, home: "/home/ann" });
    assert.deepEqual(places.filter((place) => !place.startsWith("/")), []);
  });
});

suite("Pythons on the system", () => {
  const folder = temporaryFolder();

  test("stand for a pattern, higher versions first", async () => {
    for (const version of ["3.9.1", "3.12.10", "3.12.9", "other"]) {
      await mkdir(join(folder, "versions", version), { recursive: true });
    }
    const found = await expand(`${folder}/versions/3.*/bin/python3`, "linux");
    assert.deepEqual(found, ["3.12.10", "3.12.9", "3.9.1"].map((one) => `${folder}/versions/${one}/bin/python3`));
  });

  test("are named by version before they are named by nothing else", async () => {
    const [first, second] = [join(folder, "first"), join(folder, "second")];
    await program(join(first, "python3"), "");
    await program(join(second, "python3.12"), "");
    await program(join(second, "python"), "");
    await mkdir(join(first, "python3.14"));
    const found: string[] = [];
    for await (const candidate of systemPythons(systemWith(`${first}:${second}`, folder))) {
      found.push(candidate.program);
    }
    assert.deepEqual(found.slice(0, 3), [join(second, "python3.12"), join(first, "python3"), join(second, "python")]);
  });
});
