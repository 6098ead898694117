import assert from "node:assert/strict";
import { join } from "node:path";
import type { Bundle } from "../../../src/server/bundle";
import { ask, fitnessOf, type Python } from "../../../src/server/probe";
import { CancelledError } from "../../../src/server/processes";
import { answer, program, recorded, temporaryFolder } from "./fixtures";

const BUNDLE: Bundle = {
  wheels: "/x",
  pip: "/x/pip.whl",
  version: "0.1.0",
  digest: "0123456789",
  platform: "linux-x64",
  pythons: ["3.11", "3.12", "3.13", "3.14"],
};

suite("whether the wheels are for a Python", () => {
  const check = (changes: Partial<Python>, expected: RegExp): void => {
    test(JSON.stringify(changes), () => {
      const common = { base: "/p", implementation: "cpython", platform: "linux-x64", freeThreaded: false };
      const fitness = fitnessOf({ ...common, version: "3.12.1", ...changes }, BUNDLE);
      assert.match(fitness.kind === "unfit" ? fitness.reason : fitness.kind, expected);
    });
  };
  check({}, /^fits$/);
  check({ version: "3.11.0" }, /^fits$/);
  check({ version: "3.14.2" }, /^fits$/);
  check({ version: "3.15.0" }, /^newer$/);
  check({ version: "3.9.18" }, /3\.9\.18 is too old: 3\.11 or later/);
  check({ version: "3.10.13" }, /too old/);
  check({ implementation: "pypy" }, /pypy, not CPython/);
  check({ platform: "alpine-x64" }, /for alpine-x64; one for linux-x64/);
  check({ platform: "linux-32-bit" }, /for linux-32-bit/);
  check({ freeThreaded: true }, /free-threaded/);
});

suite("asking a program", () => {
  const folder = temporaryFolder();
  const told = answer("/opt/python", "3.12.4", { system: "linux", machine: "x86_64" });
  let count = 0;

  const check = (name: string, script: string, expected: string): void => {
    test(name, async () => {
      const path = await program(join(folder, `fake${(count += 1)}`), script);
      const { request } = recorded(folder);
      const { python, failure } = await ask({ program: path, args: [] }, request);
      assert.equal(python === undefined ? failure : `${python.version} ${python.platform} ${python.base}`, expected);
    });
  };
  check("that answers", `echo '${told}'`, "3.12.4 linux-x64 /opt/python");
  check("that says something before", `echo hello; echo '${told}'`, "3.12.4 linux-x64 /opt/python");
  check("on musl", `echo '${told.replace('"musl":false', '"musl":true')}'`, "3.12.4 alpine-x64 /opt/python");
  check("that says half", `echo '{"version": "3.12.4"}'`, "it does not answer as a Python does");
  check("that has no path", `echo '${told.replace("/opt/python", "")}'`, "it does not answer as a Python does");
  check("that says nothing", "true", "it does not answer as a Python does");
  check("that fails", "exit 127", "it ended with exit code 127");
  check("that waits for input", `read line; echo '${told}'`, "3.12.4 linux-x64 /opt/python");

  test("that is not there", async () => {
    const { request } = recorded(folder);
    assert.equal((await ask({ program: join(folder, "none"), args: [] }, request)).failure, "ENOENT");
  });

  test("passes no settings of Python on", async () => {
    const path = await program(join(folder, "leaky"), `echo '${told}' | sed "s|/opt/python|/opt/python$PYTHONPATH$VIRTUAL_ENV|"`);
    process.env["PYTHONPATH"] = "/evil";
    process.env["VIRTUAL_ENV"] = "/evil";
    try {
      const { python } = await ask({ program: path, args: [] }, recorded(folder).request);
      assert.equal(python?.base, "/opt/python");
    } finally {
      delete process.env["PYTHONPATH"];
      delete process.env["VIRTUAL_ENV"];
    }
  });

  test("can be cancelled", async () => {
    const path = await program(join(folder, "slow"), "sleep 60");
    const { request, cancel } = recorded(folder);
    const answered = ask({ program: path, args: [] }, request);
    setTimeout(cancel, 50);
    await assert.rejects(answered, CancelledError);
  });
});
