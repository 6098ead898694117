import * as assert from "node:assert/strict";
import { withoutHome } from "../../../src/commands/paths";
import { type StatusFacts, statusReport } from "../../../src/commands/statusReport";

const FACTS: StatusFacts = {
  extensionVersion: "0.1.0",
  editor: "Code 1.100.0",
  remote: undefined,
  platform: "linux x64, Node 22.0.0",
  trusted: false,
  folders: 2,
  state: "failed",
  launch: undefined,
  server: undefined,
  settings: [],
  home: "/home/ada",
};

suite("the status report", () => {
  test("without a server", () => {
    assert.equal(
      statusReport(FACTS),
      `# promptls status

- Extension: 0.1.0
- Editor: Code 1.100.0
- Remote: none
- Platform: linux x64, Node 22.0.0
- Workspace: 2 folders, not trusted
- Server: failed

## How the server was started

It was not.

## What the server says

Nothing: it does not answer.

## Settings that are set

None.
`,
    );
  });
  test("with a server; the home folder and the environment's values are not told", () => {
    const text = statusReport({
      ...FACTS,
      launch: {
        kind: "launch",
        command: "/home/ada/env/bin/python",
        args: ["-I", "-m", "promptls", "server"],
        env: { SECRET: "s3cret" },
        cwd: "/home/ada/storage",
        interpreter: { path: "/usr/bin/python3", version: "3.12.1", source: "system" },
        environment: "/home/ada/env",
      },
      server: {
        version: "0.1.0",
        python: "3.12.1",
        executable: "/home/ada/env/bin/python",
        platform: "Linux",
        engine: "tiktoken",
        trusted: true,
        documents: 3,
        folders: 1,
        positionEncoding: "utf-16",
        cache: {
          database: "sqlite:////home/ada/.cache/promptls/cache.db",
          problem: null,
          memoryHits: 1,
          databaseHits: 2,
          misses: 3,
          writes: 4,
        },
        jobs: { done: 5 },
      },
      settings: [{ name: "promptls.vars", places: ["user", "folder"] }],
    });
    assert.ok(!text.includes("/home/ada") && !text.includes("s3cret"), text);
    for (const line of [
      "- Command: ~/env/bin/python -I -m promptls server",
      "- Interpreter: /usr/bin/python3 (3.12.1, system)",
      "- Cache: sqlite:///~/.cache/promptls/cache.db",
      "- Cache use: 1 from memory, 2 from the database, 3 missed, 4 written",
      "- Jobs: 5 done",
      "- promptls.vars: user, folder",
    ]) {
      assert.ok(text.split("\n").includes(line), `${line} is not in\n${text}`);
    }
  });
});

suite("the home folder in a text", () => {
  for (const [text, home, expected] of [
    ["/home/ada", "/home/ada", "~"],
    ["/home/ada/x", "/home/ada/", "~/x"],
    ["/home/adam/x", "/home/ada", "/home/adam/x"],
    ["/mnt/home/ada/x", "/home/ada", "/mnt/home/ada/x"],
    ['"/home/ada" and /home/ada.', "/home/ada", '"~" and ~.'],
    ["C:\\Users\\Ada\\x", "c:\\users\\ada", "~\\x"],
    ["/x", "/", "/x"],
  ] as const) {
    test(`${text} of ${home}`, () => {
      assert.equal(withoutHome(text, home), expected);
    });
  }
});
