import assert from "node:assert/strict";
import { isFixedPath, searchPath, type System, withHome } from "../../../src/server/system";

function system(platform: NodeJS.Platform, variables: NodeJS.ProcessEnv = {}): System {
  return { platform, variables, home: platform === "win32" ? "C:\\Users\\ann" : "/home/ann" };
}

suite("the folders of PATH", () => {
  const check = (name: string, input: System, expected: string[]): void => {
    test(name, () => {
      assert.deepEqual(searchPath(input), expected);
    });
  };
  check("are taken in order, once", system("linux", { PATH: "/a:/b:/a" }), ["/a", "/b"]);
  check("do not depend on the current folder", system("linux", { PATH: ":.:bin:./x:../y:/usr/bin" }), ["/usr/bin"]);
  check("may be missing", system("linux"), []);
  check("on Windows", system("win32", { Path: '"C:\\a b";D:\\x;.;bin;\\rooted;C:here' }), ["C:\\a b", "D:\\x"]);
  check("on a share", system("win32", { PATH: "\\\\host\\share\\bin" }), ["\\\\host\\share\\bin"]);
});

suite("a path that means the same everywhere", () => {
  const check = (path: string, platform: NodeJS.Platform, expected: boolean): void => {
    test(`${platform}: ${JSON.stringify(path)}`, () => {
      assert.equal(isFixedPath(path, platform), expected);
    });
  };
  check("/usr/bin/python3", "linux", true);
  check("python3", "linux", false);
  check("./python3", "darwin", false);
  check("/usr/bin/py\0thon", "linux", false);
  check("C:\\Python\\python.exe", "win32", true);
  check("C:python.exe", "win32", false);
  check("\\Python\\python.exe", "win32", false);
});

suite("the home folder in a path", () => {
  const check = (path: string, platform: NodeJS.Platform, expected: string): void => {
    test(`${platform}: ${path}`, () => {
      assert.equal(withHome(path, system(platform)), expected);
    });
  };
  check("~/venv/bin/python", "linux", "/home/ann/venv/bin/python");
  check("~", "linux", "/home/ann");
  check("~bob/python", "linux", "~bob/python");
  check("/x/~/python", "linux", "/x/~/python");
  check("~\\venv\\python.exe", "win32", "C:\\Users\\ann\\venv\\python.exe");
});
