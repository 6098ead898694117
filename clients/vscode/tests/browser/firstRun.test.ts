import { ok } from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { sessionOfSuite } from "../harness/session";
import { examples } from "./examples";

suite("the very first run, with nothing but this machine to reach", () => {
  const session = sessionOfSuite({ workspace: examples, open: "CLAUDE.md", firstRun: true });

  test("there is no network", function () {
    if (process.env["PROMPTLS_NETWORK"] === "open") {
      this.skip();
    }
    const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    ok(addresses.every(({ internal }) => internal), "interfaces beside the loopback are up");
  });

  test("the extension makes its environment and says so meanwhile", async () => {
    const { workbench } = session();
    await workbench.statusItem("promptls.status").waitFor();
    await workbench.screenshot("first-run-starting");
    await workbench.editor.waitForLine(/^# Ferrywell *[\d,]+ tok/);
  });

  test("a document shows its hints and squiggles", async () => {
    const { workbench } = session();
    await workbench.editor.waitForLine(/^## Before you change anything *[\d,]+ tok$/);
    await workbench.editor.waitForLine(/@AGENTS\.md *[\d,]+ tok/);
    await workbench.editor.squiggles("warning").first().waitFor();
    await workbench.screenshot("first-run-hints");
  });
});
