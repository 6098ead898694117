/** One preview: a panel that shows the rendered prompt of a document and follows it. */
import * as vscode from "vscode";
import type { Connection } from "../client/connection";
import { RepeatedWork } from "../repeatedWork";
import { blocksOf } from "./blocks";
import { headOf } from "./head";
import { load } from "./loading";
import { type Head, type PageMessage, type PreviewState, readPageMessage } from "./messages";
import { naming, nameOf } from "./naming";
import { offsetOf, originAt } from "./origins";
import { Page } from "./page";
import { pageHtml, pageRoot } from "./pageHtml";
import { type RenderedPrompt, takeApart } from "./parts";
import { closedProblem, type Problem, unansweredProblem, unreadableProblem } from "./problems";

/** Milliseconds without an answer after which the page says that it waits. */
const BUSY_AFTER = 400;
/** Milliseconds: a refresh is followed by a rest as long as it took, so that large prompts do not keep the server busy. */
const LONGEST_REST = 5_000;

export class Preview implements vscode.Disposable {
  private readonly page: Page;
  private readonly task = new RepeatedWork(() => this.update(), { rest: 1, longestRest: LONGEST_REST });
  private readonly subscriptions: vscode.Disposable[];
  private cancellation = new vscode.CancellationTokenSource();
  private pageReady = false;
  private prompt: RenderedPrompt | undefined;
  private head: (hidden: Head["hidden"]) => Head | null = () => null;
  /** The prompt's own names of its files, by those of the editor. */
  private addresses = new Map<string, string>();
  /** What the button of the page's status does. */
  private remedy: Problem["remedy"];
  /** Where a click in the page has put the cursor: no reason to scroll the page. */
  private ownMove: vscode.Location | undefined;
  private document: vscode.Uri;
  private isLocked: boolean;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly connection: Connection,
    extensionUri: vscode.Uri,
    state: PreviewState,
  ) {
    this.document = vscode.Uri.parse(state.uri);
    this.isLocked = state.locked;
    this.page = new Page(panel.webview);
    this.subscriptions = [
      panel.webview.onDidReceiveMessage((message: unknown) => {
        const read = readPageMessage(message);
        if (read !== undefined) {
          void this.receive(read);
        }
      }),
      connection.onDidChangeReport((uri) => {
        if (this.isShown(uri)) {
          this.task.ask();
        }
      }),
      connection.onDidChangeState(() => {
        this.task.ask();
      }),
      vscode.workspace.onDidOpenTextDocument(({ uri }) => {
        if (this.isShown(uri)) {
          this.task.ask();
        }
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (this.isShown(uri)) {
          this.say(closedProblem(uri));
        }
      }),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        this.followCursor(textEditor);
      }),
    ];
    this.setTitle();
    panel.webview.options = { enableScripts: true, localResourceRoots: [pageRoot(extensionUri)] };
    panel.webview.html = pageHtml(panel.webview, extensionUri);
  }

  /** The document that is shown. */
  get uri(): vscode.Uri {
    return this.document;
  }

  /** Whether it stays with its document. */
  get locked(): boolean {
    return this.isLocked;
  }

  /** The document that was opened from the page, which is no reason to leave the one shown. */
  get opened(): vscode.Uri | undefined {
    return this.ownMove?.uri;
  }

  isShown(uri: vscode.Uri): boolean {
    return uri.toString() === this.document.toString();
  }

  /** Show another document. */
  show(uri: vscode.Uri): void {
    if (this.isShown(uri)) {
      return;
    }
    this.document = uri;
    this.ownMove = undefined;
    this.setTitle();
    this.page.less();
    this.sendState();
    this.cancellation.cancel();
    this.task.askNow();
  }

  private setTitle(): void {
    this.panel.title = vscode.l10n.t("Prompt: {0}", nameOf(this.document).name);
  }

  private sendState(): void {
    this.page.post({ type: "document", uri: this.document.toString(), locked: this.isLocked });
  }

  /** Ask the server and show what it answers; what is shown stays until then. */
  private async update(): Promise<void> {
    if (!this.pageReady || !this.panel.visible) {
      return;
    }
    const uri = this.document;
    this.cancellation.dispose();
    this.cancellation = new vscode.CancellationTokenSource();
    const slow = setTimeout(() => {
      this.page.status({ kind: "busy", message: vscode.l10n.t("Counting and looking up references…"), action: null });
    }, BUSY_AFTER);
    try {
      if (!(await isReadable(uri))) {
        this.sayInstead(unreadableProblem());
        return;
      }
      const loaded = await load(this.connection, uri, this.cancellation.token);
      if (!this.isShown(uri) || this.cancellation.token.isCancellationRequested) {
        return;
      }
      if (loaded === "unavailable") {
        const retry = (): void => {
          this.task.askNow();
        };
        this.sayInstead(unansweredProblem(this.connection.state, retry));
        return;
      }
      if (loaded !== "edited") {
        this.prompt = takeApart(loaded.rendering, loaded.report);
        this.head = (hidden) => headOf(loaded, this.prompt?.parts.length ?? 0, hidden);
        this.draw();
      }
      this.say(undefined);
    } finally {
      clearTimeout(slow);
    }
  }

  private draw(): void {
    const { prompt, head } = this;
    this.addresses = addressesOf(prompt, this.connection);
    this.page.show(prompt && blocksOf(prompt, naming), (hidden) => (prompt === undefined ? null : head(hidden)));
    const active = vscode.window.activeTextEditor;
    const editor = active ?? vscode.window.visibleTextEditors.find(({ document }) => this.isShown(document.uri));
    if (editor !== undefined) {
      this.followCursor(editor);
    }
  }

  /** Mark what is under the cursor, in the document or in a file that it brings in. */
  private followCursor({ document, selection }: vscode.TextEditor): void {
    const { active } = selection;
    const uri = this.addresses.get(document.uri.toString());
    const offset = this.prompt && uri !== undefined ? offsetOf(this.prompt, uri, active) : undefined;
    if (offset !== undefined) {
      const ownMove = this.opened?.toString() === document.uri.toString() && this.ownMove?.range.start.isEqual(active);
      this.page.cursor(offset, ownMove !== true);
    }
  }

  private async receive(message: PageMessage): Promise<void> {
    switch (message.type) {
      case "ready":
        this.pageReady = true;
        this.page.reset();
        this.sendState();
        this.draw();
        this.task.askNow();
        break;
      case "lock":
        this.isLocked = message.locked;
        this.sendState();
        break;
      case "copy":
        await this.copy(this.prompt?.text);
        break;
      case "copyPart": {
        const part = this.prompt?.parts[this.page.partOf(message.revision, message.block) ?? -1];
        await this.copy(part && this.prompt?.text.slice(part.start, part.end));
        break;
      }
      case "copyInsert": {
        const offset = this.page.offsetOfRun(message.revision, message.block, message.run);
        const part = this.prompt?.parts[this.page.partOf(message.revision, message.block) ?? -1];
        const insert = part?.inserts.find(({ start, end }) => offset !== undefined && start <= offset && offset < end);
        await this.copy(insert && this.prompt?.text.slice(insert.start, insert.end));
        break;
      }
      case "open":
        await this.open(this.page.offsetOf(message.revision, message.block, message.offset), message.focus);
        break;
      case "more":
        this.page.more();
        this.draw();
        break;
      case "act":
        await this.remedy?.run();
        break;
    }
  }

  private async copy(text: string | undefined): Promise<void> {
    if (text !== undefined) {
      await vscode.env.clipboard.writeText(text);
      this.page.post({ type: "copied" });
    }
  }

  private async open(offset: number | undefined, focus: boolean): Promise<void> {
    const origin = this.prompt && offset !== undefined ? originAt(this.prompt, offset) : undefined;
    if (origin === undefined) {
      return;
    }
    const uri = this.connection.toUri(origin.uri);
    if (uri.scheme === "http" || uri.scheme === "https") {
      await vscode.env.openExternal(uri);
      return;
    }
    const { line, character } = origin.position;
    const position = new vscode.Position(line, character);
    this.ownMove = new vscode.Location(uri, position);
    const beside = vscode.window.visibleTextEditors.find((editor) => this.isShown(editor.document.uri));
    const there = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
    await vscode.window.showTextDocument(uri, {
      viewColumn: (there ?? beside)?.viewColumn ?? vscode.ViewColumn.One,
      selection: new vscode.Range(position, position),
      preserveFocus: !focus,
    });
  }

  private say(problem: Problem | undefined): void {
    this.remedy = problem?.remedy;
    const kind = problem?.remedy === undefined ? "waiting" : "problem";
    this.page.status(problem === undefined ? null : { kind, message: problem.message, action: problem.remedy?.label ?? null });
  }

  /** What is shown of another document is taken away; what is shown of this one stays. */
  private sayInstead(problem: Problem): void {
    if (this.prompt !== undefined && !this.isShown(this.connection.toUri(this.prompt.uri))) {
      this.prompt = undefined;
      this.draw();
    }
    this.say(problem);
  }

  dispose(): void {
    this.task.dispose();
    this.cancellation.cancel();
    this.cancellation.dispose();
    this.subscriptions.forEach((subscription) => {
      subscription.dispose();
    });
  }
}

/** Whether the server can be asked about a document; one that is not open is opened. */
async function isReadable(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.openTextDocument(uri);
    return true;
  } catch {
    return false;
  }
}

function addressesOf(prompt: RenderedPrompt | undefined, connection: Connection): Map<string, string> {
  const uris = new Set(prompt?.stretches.map(({ uri }) => uri));
  return new Map([...uris].flatMap((uri) => (uri === null ? [] : [[connection.toUri(uri).toString(), uri]])));
}
