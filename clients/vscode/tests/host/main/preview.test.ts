import { deepEqual, equal, ok } from "node:assert/strict";
import * as vscode from "vscode";
import type { Connection } from "../../../src/client/connection";
import { load, type Loaded } from "../../../src/preview/loading";
import type { Block, HostMessage, PageMessage } from "../../../src/preview/messages";
import { takeApart } from "../../../src/preview/parts";
import { Preview } from "../../../src/preview/preview";
import { runningConnection, until, writeFile } from "./waiting";

const TEXT = `# First 🧤

See @file:brought-in.md for it.
And @file:nowhere.md too.

# Second

More words.
`;

/** A panel whose page is the test: it draws as the real page does, and says what a person would do. */
class TestPanel {
  title = "";
  visible = true;
  blocks: Block[] = [];
  /** The last message of each type. */
  readonly last = new Map<HostMessage["type"], HostMessage>();
  /** How many blocks each change has sent. */
  readonly sent: number[] = [];
  private readonly received = new vscode.EventEmitter<unknown>();
  readonly webview = {
    options: {},
    html: "",
    cspSource: "",
    onDidReceiveMessage: this.received.event,
    asWebviewUri: (uri: vscode.Uri) => uri,
    postMessage: (message: HostMessage) => {
      this.last.set(message.type, message);
      if (message.type === "blocks") {
        this.blocks.splice(message.from, message.removed, ...message.added);
        this.sent.push(message.added.length);
      }
      return Promise.resolve(true);
    },
  };

  say(message: PageMessage): void {
    this.received.fire(message);
  }

  get text(): string {
    return this.blocks.flatMap(({ runs }) => runs.map(({ text }) => text)).join("");
  }

  get<T extends HostMessage["type"]>(type: T): Extract<HostMessage, { type: T }> | undefined {
    return this.last.get(type) as Extract<HostMessage, { type: T }> | undefined;
  }

  get revision(): number {
    return this.get("blocks")?.revision ?? -1;
  }
}

function previewTabs(): string[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith("promptls.preview"))
    .map(({ label }) => label);
}

async function untilTabs(expected: string[]): Promise<void> {
  await until(`the tabs ${expected.join(", ")}`, () =>
    JSON.stringify(previewTabs()) === JSON.stringify(expected) ? true : undefined,
  );
}

async function openExample(name: string): Promise<vscode.TextEditor> {
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);
  return await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One });
}

suite("the preview's panel", () => {
  suiteSetup(runningConnection);
  suiteTeardown(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  test("opens once, beside the editor, which keeps the focus", async () => {
    const editor = await openExample("CLAUDE.md");
    await vscode.commands.executeCommand("promptls.openPreview");
    await untilTabs(["Prompt: CLAUDE.md"]);
    equal(vscode.window.activeTextEditor?.document.uri.toString(), editor.document.uri.toString());
    equal(vscode.window.tabGroups.all.length, 2);
    await vscode.commands.executeCommand("promptls.openPreview", editor.document.uri);
    await untilTabs(["Prompt: CLAUDE.md"]);
  });

  test("follows the active editor from prompt to prompt, and to nothing else", async () => {
    await openExample("AGENTS.md");
    await untilTabs(["Prompt: AGENTS.md"]);
    await openExample("promptls.toml");
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    deepEqual(previewTabs(), ["Prompt: AGENTS.md"]);
    await openExample("CLAUDE.md");
    await untilTabs(["Prompt: CLAUDE.md"]);
  });
});

suite("the parts of the examples", () => {
  let connection: Connection;
  suiteSetup(async () => {
    connection = await runningConnection();
  });

  for (const name of ["CLAUDE.md", "AGENTS.md", "prompts/morning-briefing.md", "prompts/release-notes.prompt.md", "support-triage.prompty"]) {
    test(`${name}: hold all that is sent, and cost as much together`, async () => {
      const { document } = await openExample(name);
      const { token } = new vscode.CancellationTokenSource();
      const loaded = await until("a rendering", async () => {
        const found = await load(connection, document.uri, token);
        return typeof found !== "string" && found.report.pending === 0 ? found : undefined;
      });
      const { rendering, report }: Loaded = loaded;
      const { parts, text } = takeApart(rendering, report);
      equal(parts.map(({ start, end }) => text.slice(start, end)).join(""), rendering.text);
      const once = parts.filter(({ kind }) => kind !== "continued");
      const sum = once.reduce((tokens, part) => tokens + (part.tokens ?? Number.NaN), 0);
      // What is attached is counted by itself, without the blank line before it.
      const attached = once.filter(({ kind }) => kind === "attached").length;
      ok(Math.abs(sum - (rendering.tokens ?? Number.NaN)) <= attached, `${sum} of ${rendering.tokens ?? "?"}`);
    });
  }
});

suite("a preview", () => {
  let connection: Connection;
  let editor: vscode.TextEditor;
  let panel: TestPanel;
  let preview: Preview;

  suiteSetup(async () => {
    connection = await runningConnection();
    await writeFile("prompts/brought-in.md", "What is\nbrought in");
    editor = await vscode.window.showTextDocument(await writeFile("prompts/preview.prompt.md", TEXT));
    panel = new TestPanel();
    const { extensionUri } = vscode.extensions.getExtension("promptls.promptls")!;
    const state = { uri: editor.document.uri.toString(), locked: false };
    preview = new Preview(panel as unknown as vscode.WebviewPanel, connection, extensionUri, state);
    panel.say({ type: "ready" });
    await until("the text", () => (panel.text.includes("What is\nbrought in") ? true : undefined));
  });

  suiteTeardown(async () => {
    preview.dispose();
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  function blockOf(text: string): { block: number; offset: number } {
    const texts = panel.blocks.map(({ runs }) => runs.map((run) => run.text).join(""));
    const block = texts.findIndex((one) => one.includes(text));
    return { block, offset: texts[block]!.indexOf(text) };
  }

  test("shows what is sent, with its origins and what was not resolved", () => {
    equal(panel.title, "Prompt: preview.prompt.md");
    deepEqual(
      panel.blocks.map(({ head }) => head?.title),
      ["First 🧤", "Second"],
    );
    const runs = panel.blocks[0]!.runs;
    equal(runs.find(({ insert }) => insert !== undefined)?.insert?.name, "brought-in.md");
    const { unresolved } = runs.find(({ text }) => text === "@file:nowhere.md")!;
    equal(unresolved?.status, "failed");
    ok(unresolved.reason.startsWith("not resolved: There is no file"));
    const head = panel.get("head")?.head;
    equal(head?.parts, 2);
    ok((head.tokens ?? 0) > 20);
  });

  test("has a page that runs nothing but its own script", () => {
    const { html } = panel.webview;
    const nonce = /script-src 'nonce-([\w-]+)'/.exec(html)?.[1];
    ok(nonce !== undefined && html.includes(`default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'"`));
    ok(!html.includes("First 🧤"));
  });

  test("follows edits, and sends only what has changed", async () => {
    const end = editor.document.positionAt(editor.document.getText().length);
    await editor.edit((edit) => {
      edit.insert(end, "Added.\n");
    });
    await until("the edit", () => (panel.text.endsWith("More words.\nAdded.\n") ? true : undefined));
    equal(panel.sent.at(-1), 1);
  });

  test("follows the cursor, in the document and into what a reference brings in", async () => {
    const checks: [line: number, character: number, text: string][] = [
      [7, 5, "words"],
      [2, 6, "What is\nbrought in"],
      [0, 2, "First"],
    ];
    for (const [line, character, text] of checks) {
      editor.selection = new vscode.Selection(line, character, line, character);
      const { block, offset } = blockOf(text);
      await until(text, () => {
        const cursor = panel.get("cursor");
        return cursor?.block === block && cursor.offset === offset && cursor.scroll ? true : undefined;
      });
    }
  });

  test("moves the editor's cursor to what is clicked, without scrolling itself", async () => {
    panel.say({ type: "open", revision: panel.revision, ...blockOf("words"), focus: false });
    await until("the cursor", () => (editor.selection.active.isEqual(new vscode.Position(7, 5)) ? true : undefined));
    equal(panel.get("cursor")?.scroll, false);
  });

  test("opens the file that text comes from", async () => {
    panel.say({ type: "open", revision: panel.revision, ...blockOf("brought in"), focus: true });
    await until("the file", () => {
      const active = vscode.window.activeTextEditor;
      const opened = active?.document.uri.path.endsWith("/brought-in.md");
      return opened === true && active!.selection.active.isEqual(new vscode.Position(1, 0)) ? true : undefined;
    });
    equal(panel.title, "Prompt: preview.prompt.md");
    editor = await vscode.window.showTextDocument(editor.document);
  });

  test("copies the prompt, a part, and what a reference brings in", async () => {
    const { revision } = panel;
    const { block } = blockOf("Second");
    const run = panel.blocks[0]!.runs.findIndex(({ insert }) => insert !== undefined);
    const wanted: [PageMessage, string][] = [
      [{ type: "copy" }, panel.text],
      [{ type: "copyPart", revision, block }, "# Second\n\nMore words.\nAdded.\n"],
      [{ type: "copyInsert", revision, block: 0, run }, "What is\nbrought in"],
    ];
    for (const [message, expected] of wanted) {
      panel.last.delete("copied");
      panel.say(message);
      await until("the copy", () => panel.get("copied"));
      equal(await vscode.env.clipboard.readText(), expected);
    }
  });

  test("does nothing for numbers of another revision", async () => {
    await vscode.env.clipboard.writeText("before");
    panel.last.delete("copied");
    panel.say({ type: "copyPart", revision: panel.revision + 1, block: 0 });
    panel.say({ type: "copyPart", revision: panel.revision, block: 99 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    equal(panel.get("copied"), undefined);
    equal(await vscode.env.clipboard.readText(), "before");
  });

  test("draws everything anew when its page was loaded again", async () => {
    const before = panel.text;
    panel.blocks = [];
    panel.say({ type: "ready" });
    await until("the text", () => (panel.text === before ? true : undefined));
    equal(panel.get("document")?.uri, editor.document.uri.toString());
  });

  test("keeps to its document when it is locked", async () => {
    panel.say({ type: "lock", locked: true });
    await until("the lock", () => (panel.get("document")?.locked === true ? true : undefined));
    equal(preview.locked, true);
  });

  test("shows another document, and says when it is gone", async () => {
    const other = await writeFile("prompts/other.prompt.md", "# Other\n");
    preview.show(other);
    await until("the other document", () => (panel.text === "# Other\n" ? true : undefined));
    equal(panel.title, "Prompt: other.prompt.md");
    await vscode.workspace.fs.delete(other);
    preview.show(vscode.Uri.joinPath(other, "..", "never.prompt.md"));
    const status = await until("the status", () => {
      const said = panel.get("status")?.status;
      return said?.kind === "waiting" ? said : undefined;
    });
    equal(status.message, "The document cannot be opened any more.");
    equal(panel.text, "");
  });
});
