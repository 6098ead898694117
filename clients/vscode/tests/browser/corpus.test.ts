import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../harness/folders";
import { sessionOfSuite } from "../harness/session";
import { Workspace } from "../harness/workspace";

const collection = join(projectFolder, "..", "shared", "corpus", "awesome-copilot");
const file = "prompts/update-markdown-file-index.prompt.md";

/** A prompt that somebody uses, with links to files that are not there. The tokens are tiktoken's, by section. */
(existsSync(collection) ? suite : suite.skip)("a document of the corpus", () => {
  const session = sessionOfSuite({ workspace: () => Workspace.copyOf(collection), open: file });

  test("shows the tokens of its sections", async () => {
    const { editor } = session().workbench;
    await editor.waitForLine(/^# Update Markdown File Index *544 tok$/);
    await editor.waitForLine(/^## Process *116 tok$/);
    await session().workbench.screenshot("corpus-hints");
  });

  test("underlines what does not resolve", async () => {
    const { workbench } = session();
    await workbench.editor.goTo(46);
    await workbench.editor.waitForLine(/^### Option 2: Detailed Table *56 tok$/);
    await workbench.editor.waitForLine(/filename\.ext\]\(path\/to\/filename\.ext\) *not found/);
    await workbench.editor.squiggles("error").first().waitFor();
    await (await workbench.showProblems()).row("There is no file `path/to/filename2.ext`").waitFor();
    await workbench.screenshot("corpus-squiggles");
  });
});
