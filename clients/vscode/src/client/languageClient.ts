/** Starts the language server, keeps it running, and answers what the views ask. */
import type { ChildProcess } from "node:child_process";
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import * as protocol from "../protocol";
import { findServer, repairServer } from "../server/launch";
import type { Launch, LaunchProblem, LaunchRequest } from "../server/model";
import { settings, valuesOfStart } from "../settings";
import { Backoff } from "./backoff";
import type { Connection, ConnectionState } from "./connection";
import type { ClientParts } from "./library";
import { TypingPause } from "./quiet";
import { endServer, spawnServer } from "./serverProcess";

/** Milliseconds: a server that ends within them may lack something, and its environment is repaired. */
const EARLY = 10_000;

/** What is said when no server can be had, with buttons. */
export type ProblemReporter = (problem: LaunchProblem) => void;

export class PromptlsClient implements Connection, vscode.Disposable {
  private client: LanguageClient | undefined;
  private server: ChildProcess | undefined;
  private held: ConnectionState = "stopped";
  private found: Launch | undefined;
  private repaired = false;
  private startValues: string;
  private readonly backoff = new Backoff();
  private readonly pause = new TypingPause();
  private readonly stateEmitter = new vscode.EventEmitter<ConnectionState>();
  private readonly reportEmitter = new vscode.EventEmitter<vscode.Uri>();
  /** Settles when the running client is gone: a request that it still has may never be answered. */
  private left: Promise<undefined> = Promise.resolve(undefined);
  private leave: () => void = () => undefined;
  /** Starts and stops follow each other; a newer start makes an older one give up. */
  private generation = 0;
  private stoppedGeneration = 0;
  private queue: Promise<void> = Promise.resolve();
  private starting: vscode.CancellationTokenSource | undefined;
  private readonly subscriptions: { dispose(): unknown }[];

  readonly onDidChangeState = this.stateEmitter.event;
  readonly onDidChangeReport = this.reportEmitter.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
    private readonly reportProblem: ProblemReporter,
    private readonly reportStops: () => void,
  ) {
    this.startValues = valuesOfStart(context.extension);
    this.subscriptions = [
      this.pause,
      this.stateEmitter,
      this.reportEmitter,
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration("promptls")) {
          return;
        }
        // Granted trust counts as a change of every restricted setting: only the values tell.
        const values = valuesOfStart(context.extension);
        if (values !== this.startValues) {
          this.startValues = values;
          void this.restart();
        }
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        if (this.held === "running") {
          void this.client?.sendNotification(protocol.TRUST_GRANTED);
        } else {
          void this.restart();
        }
      }),
    ];
  }

  get state(): ConnectionState {
    return this.held;
  }

  /** How the running server was started. */
  get launch(): Launch | undefined {
    return this.found;
  }

  /** The process of the server that is running. */
  get serverProcess(): ChildProcess | undefined {
    return this.server;
  }

  /** What the interpreter commands and the start itself ask with. */
  launchRequest(token: vscode.CancellationToken, progress: (message: string) => void): LaunchRequest {
    return {
      extensionFolder: this.context.extensionPath,
      storageFolder: this.context.globalStorageUri.fsPath,
      serverPath: settings.serverPath,
      interpreter: settings.interpreter,
      logLevel: settings.logLevel,
      trusted: vscode.workspace.isTrusted,
      folder: vscode.workspace.workspaceFolders?.[0]?.uri,
      log: this.log,
      progress,
      token,
    };
  }

  /** Start or start again, with the settings as they are now. */
  async restart(): Promise<void> {
    this.backoff.reset();
    await this.startOver();
  }

  async stop(): Promise<void> {
    this.generation += 1;
    this.starting?.cancel();
    await this.inTurn(() => this.end("stopped"));
  }

  private async startOver(): Promise<void> {
    const generation = (this.generation += 1);
    this.starting?.cancel();
    await this.inTurn(async () => {
      await this.end("starting");
      if (generation === this.generation) {
        await this.begin(generation);
      }
    });
  }

  private async begin(generation: number): Promise<void> {
    const source = (this.starting = new vscode.CancellationTokenSource());
    const found = await this.findLaunch(source.token);
    if (generation !== this.generation) {
      return;
    }
    if (found.kind === "problem") {
      this.set("failed");
      this.log.error(found.message);
      if (found.code !== "cancelled") {
        this.reportProblem(found);
      }
      return;
    }
    this.found = found;
    const started = Date.now();
    try {
      // The server starts while the client's library is loaded, which is most of the extension's code.
      this.server = await spawnServer(found, this.log);
      const { createLanguageClient } = await import("./library");
      if (generation !== this.generation) {
        return;
      }
      await this.connect(createLanguageClient(this.clientParts(this.server, generation, started)));
    } catch (error) {
      this.log.error(`the server could not be started: ${error instanceof Error ? error.message : String(error)}`);
      void this.stopped(generation, true);
      return;
    }
    if (generation === this.generation) {
      this.set("running");
    }
  }

  /** Find a server, or make the private environment; a notification tells of what takes long. */
  private async findLaunch(token: vscode.CancellationToken): Promise<Launch | LaunchProblem> {
    let tell: ((message: string) => void) | undefined;
    let finished: (() => void) | undefined;
    const progress = (message: string): void => {
      if (tell !== undefined) {
        tell(message);
        return;
      }
      const done = new Promise<void>((resolve) => (finished = resolve));
      tell = () => undefined;
      void vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title: "promptls" },
        (report) => {
          tell = (text) => {
            report.report({ message: text });
          };
          tell(message);
          return done;
        },
      );
    };
    try {
      return await findServer(this.launchRequest(token, progress));
    } finally {
      finished?.();
    }
  }

  private clientParts(server: ChildProcess, generation: number, started: number): ClientParts {
    return {
      extension: this.context.extension,
      log: this.log,
      pause: this.pause,
      server,
      closed: () => {
        void this.stopped(generation, Date.now() - started < EARLY);
      },
    };
  }

  private async connect(client: LanguageClient): Promise<void> {
    this.client = client;
    this.left = new Promise((resolve) => {
      this.leave = () => {
        resolve(undefined);
      };
    });
    client.onNotification(protocol.REPORT_CHANGED, ({ uri }: protocol.ReportChanged) => {
      this.reportEmitter.fire(client.protocol2CodeConverter.asUri(uri));
    });
    await client.start();
  }

  /** The server ended unasked: start it again after a while, or say that it keeps ending. */
  private async stopped(generation: number, early: boolean): Promise<void> {
    if (generation !== this.generation || generation === this.stoppedGeneration) {
      return;
    }
    this.stoppedGeneration = generation;
    this.leave();
    const delay = this.backoff.next();
    if (delay === undefined) {
      this.generation += 1;
      this.set("failed");
      this.reportStops();
      return;
    }
    this.set("starting");
    this.log.warn(`the server stopped; it is started again in ${delay} ms`);
    if (early && !this.repaired && this.found?.environment !== undefined) {
      this.repaired = true;
      const source = new vscode.CancellationTokenSource();
      await repairServer(this.launchRequest(source.token, () => undefined), this.found);
    }
    await new Promise((resolve) => setTimeout(resolve, delay));
    if (generation === this.generation) {
      await this.startOver();
    }
  }

  private async end(state: ConnectionState): Promise<void> {
    const { client, server } = this;
    this.leave();
    this.client = undefined;
    this.server = undefined;
    this.set(state);
    if (client !== undefined) {
      try {
        await client.dispose();
      } catch {
        // A server that has crashed cannot be asked to leave.
      }
    }
    if (server !== undefined) {
      endServer(server);
    }
  }

  private async inTurn(work: () => Promise<void>): Promise<void> {
    const before = this.queue;
    this.queue = (async () => {
      await before;
      await work();
    })().catch((error: unknown) => {
      this.log.error(error instanceof Error ? error : String(error));
    });
    await this.queue;
  }

  private set(state: ConnectionState): void {
    if (state !== this.held) {
      this.held = state;
      // Commands of the server are there only while it runs.
      void vscode.commands.executeCommand("setContext", "promptls.running", state === "running");
      this.stateEmitter.fire(state);
    }
  }

  /** Undefined where there is no server, or it has no answer: an error, a cancelled request. */
  private async ask<R>(
    { method }: protocol.Request<protocol.DocumentParams, R> | protocol.Request<void, R>,
    uri?: vscode.Uri,
    token?: vscode.CancellationToken,
  ): Promise<NonNullable<R> | undefined> {
    const client = this.held === "running" ? this.client : undefined;
    if (client === undefined) {
      return undefined;
    }
    const params = uri === undefined ? {} : { textDocument: { uri: client.code2ProtocolConverter.asUri(uri) } };
    try {
      // An absent token would count as a second parameter.
      const sent = token === undefined ? client.sendRequest<R>(method, params) : client.sendRequest<R>(method, params, token);
      return (await Promise.race([sent, this.left])) ?? undefined;
    } catch (error) {
      this.log.debug(`${method}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  summary(uri: vscode.Uri, token?: vscode.CancellationToken): Promise<protocol.Summary | undefined> {
    return this.ask(protocol.summaryRequest, uri, token);
  }

  report(uri: vscode.Uri, token?: vscode.CancellationToken): Promise<protocol.Report | undefined> {
    return this.ask(protocol.reportRequest, uri, token);
  }

  render(uri: vscode.Uri, token?: vscode.CancellationToken): Promise<protocol.Rendering | undefined> {
    return this.ask(protocol.renderRequest, uri, token);
  }

  workspaceReport(token?: vscode.CancellationToken): Promise<protocol.WorkspaceReport | undefined> {
    return this.ask(protocol.workspaceReportRequest, undefined, token);
  }

  async models(): Promise<protocol.Model[] | undefined> {
    return (await this.ask(protocol.modelsRequest))?.models;
  }

  status(): Promise<protocol.ServerStatus | undefined> {
    return this.ask(protocol.statusRequest);
  }

  toRange({ start, end }: protocol.Range): vscode.Range {
    return new vscode.Range(start.line, start.character, end.line, end.character);
  }

  toUri(uri: string): vscode.Uri {
    return vscode.Uri.parse(uri);
  }

  dispose(): void {
    this.subscriptions.forEach((subscription) => {
      subscription.dispose();
    });
    void this.stop();
  }
}
