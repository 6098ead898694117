/** Workspaces of the browser tests. */
import { join } from "node:path";
import { projectFolder } from "../harness/folders";
import { Workspace, type Files } from "../harness/workspace";

/** A copy of the example prompts, with files added. */
export async function examples(files: Files = {}): Promise<Workspace> {
  return await Workspace.copyOf(join(projectFolder, "examples"), files);
}

/** What typing and quick fixes are tried on: small enough that a few words cross a budget. */
export const reviewPrompt = `# Review

<!-- promptls: budget=60 -->

Read the change twice. Say what breaks, and where.

## Rules

@file:docs/rulez.md
`;

export async function reviewWorkspace(): Promise<Workspace> {
  return await Workspace.of({
    "prompts/review.md": reviewPrompt,
    "docs/rules.md": "Name the file and the line of all that you find.\n",
  });
}
