import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { isRunning, withLock } from "../../../src/server/environmentLock";
import { CancelledError } from "../../../src/server/processes";
import { recorded, temporaryFolder } from "./fixtures";

suite("the lock on an environment", function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  let count = 0;
  const fresh = (): string => join(folder, `${(count += 1)}.lock`);
  const ended = spawnSync(process.execPath, ["-e", ""]).pid;

  test("lets one work after the other, and goes away", async () => {
    const path = fresh();
    const { token } = recorded(folder).request;
    const order: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      order.push(`${name} ends`);
    };
    const waits: string[] = [];
    await Promise.all(
      ["one", "two", "three"].map((name) => withLock(path, { token, onWait: () => waits.push(name) }, work(name))),
    );
    assert.deepEqual(order.map((line) => line.split(" ")[1]), ["begins", "ends", "begins", "ends", "begins", "ends"]);
    assert.equal(waits.length, 2);
    assert.equal(existsSync(path), false);
  });

  test("is given back when the work fails", async () => {
    const path = fresh();
    const { token } = recorded(folder).request;
    const work = withLock(path, { token, onWait: () => undefined }, () => Promise.reject(new Error("no")));
    await assert.rejects(work, /no/);
    assert.equal(existsSync(path), false);
  });

  const breaks = (name: string, content: string, age: number): void => {
    test(`is broken: ${name}`, async () => {
      const path = fresh();
      await writeFile(path, content);
      const then = new Date(Date.now() - age);
      await utimes(path, then, then);
      const { token } = recorded(folder).request;
      assert.equal(await withLock(path, { token, onWait: () => undefined }, () => Promise.resolve(7)), 7);
    });
  };
  breaks("its process has ended", JSON.stringify({ id: "x", process: ended, host: hostname() }), 0);
  breaks("no sign of life from another machine", JSON.stringify({ id: "x", process: 1, host: "elsewhere" }), 60_000);
  breaks("it was never written to the end", "{", 60_000);

  const holds = (name: string, content: string): void => {
    test(`holds: ${name}`, async () => {
      const path = fresh();
      await writeFile(path, content);
      const { request, cancel } = recorded(folder);
      let done = false;
      const work = (): Promise<void> => Promise.resolve(void (done = true));
      const waiting = withLock(path, { token: request.token, onWait: () => setTimeout(cancel, 500) }, work);
      await assert.rejects(waiting, CancelledError);
      assert.equal(done, false);
      assert.equal(existsSync(path), true);
    });
  };
  holds("its process runs", JSON.stringify({ id: "x", process: process.pid, host: hostname() }));
  holds("it may be of another machine", JSON.stringify({ id: "x", process: ended, host: "elsewhere" }));
  holds("it has just been made", "");

  test("knows which processes run", () => {
    assert.deepEqual([isRunning(process.pid), isRunning(ended)], [true, false]);
  });
});
