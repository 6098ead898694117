import { equal } from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sessionOfSuite, type SessionOptions } from "../harness/session";
import { Workspace } from "../harness/workspace";

suite("trust that is granted in the window", () => {
  let requests = 0;
  const source = createServer((_, response) => {
    requests += 1;
    response.end("All boats sail.");
  });
  const session = sessionOfSuite(untrustedSession);

  suiteTeardown(() => source.close());

  /** The machine allows the source, so that trust alone is missing. */
  async function untrustedSession(): Promise<SessionOptions> {
    source.listen(0, "127.0.0.1");
    await once(source, "listening");
    const host = `127.0.0.1:${(source.address() as AddressInfo).port}`;
    return {
      workspace: async () =>
        await Workspace.of({
          "promptls.toml": `[endpoints.disruptions]\nurl = "http://${host}/disruptions"\n`,
          "prompts/briefing.md": "# Briefing\n\n@api:disruptions\n",
        }),
      open: "prompts/briefing.md",
      asksForTrust: true,
      machineSettings: { "promptls.allowedHosts": [host] },
    };
  }

  test("is missing at first: a source is not asked", async () => {
    const { workbench } = session();
    await workbench.editor.waitForLine(/^@api:disruptions *blocked/);
    await (await workbench.showProblems()).row("this workspace is not trusted").waitFor();
    equal(requests, 0);
    await workbench.screenshot("untrusted");
  });

  test("takes effect without a reload", async () => {
    const { workbench } = session();
    await workbench.page.evaluate("globalThis.stillTheSameWindow = true");
    await workbench.runCommand("Workspaces: Manage Workspace Trust");
    await workbench.page.locator(".workspace-trust-editor .monaco-button", { hasText: /^Trust$/ }).click();
    await workbench.runCommand("View: Close Editor");
    await workbench.editor.waitForLine(/^@api:disruptions *\d tok/);
    await workbench.problems.row("this workspace is not trusted").waitFor({ state: "detached" });
    equal(requests, 1);
    const starts = (await session().server.logs()).match(/server runs as process/g);
    equal(starts?.length, 1, "the server need not be started again");
    equal(await workbench.page.evaluate("globalThis.stillTheSameWindow"), true);
    await workbench.screenshot("trusted");
  });
});
