/** The editors that host tests are run in, by the name of the folder with their tests. */
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import type { Settings } from "../harness/codeServer";
import { projectFolder } from "../harness/folders";
import { Workspace } from "../harness/workspace";

export interface Launch {
  /** What is particular about it, for whoever reads the output. */
  about: string;
  workspace: () => Promise<Workspace>;
  settings?: Settings;
  machineSettings?: Settings;
  /** The workspace is not trusted, and nobody is asked. */
  untrusted?: boolean;
  environment?: Record<string, string>;
}

const examples = join(projectFolder, "examples");

export const launches: Record<string, Launch> = {
  main: {
    about: "a folder that is trusted",
    workspace: async () => await Workspace.copyOf(examples),
  },
  untrusted: {
    about: "a folder that nobody has trusted, with an interpreter that must not be run",
    workspace: untrustedWorkspace,
    untrusted: true,
  },
  "multi-root": {
    about: "two folders with settings that differ",
    workspace: async () =>
      await Workspace.ofRoots({
        first: {
          "promptls.toml": "[budget]\ndocument = 10\n",
          "CLAUDE.md": "# Rules\n\nThis prompt says more than its ten tokens allow, and so there is a finding.\n",
        },
        second: { "CLAUDE.md": "# Rules\n\nThis prompt has no budget, and says as much as it likes to.\n" },
      }),
  },
  "wrong-interpreter": {
    about: "settings that name a Python that is not there",
    workspace: async () => await Workspace.copyOf(examples),
    machineSettings: { "promptls.server.interpreter": "/nowhere/python3" },
  },
};

/** The settings and the usual place both lead to a Python of the workspace's, which tells when it was run. */
async function untrustedWorkspace(): Promise<Workspace> {
  const workspace = await Workspace.copyOf(examples);
  const python = workspace.path(".venv/bin/python3");
  await workspace.write(".venv/bin/python3", `#!/bin/sh\ntouch ${workspace.path("it-was-run")}\nexit 1\n`);
  await chmod(python, 0o755);
  await workspace.changeSettings({ "promptls.server.interpreter": python, "promptls.server.path": python });
  return workspace;
}
