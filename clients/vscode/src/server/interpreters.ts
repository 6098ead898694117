/** The search for a Python that the private environment can be made from, in the order of trust and choice. */
import { basename } from "node:path";
import * as vscode from "vscode";
import type { Bundle } from "./bundle";
import type { Interpreter, LaunchRequest } from "./model";
import { type Answer, ask, fitnessOf } from "./probe";
import { extensionsInterpreters } from "./pythonExtensions";
import { isProgram, realPath, type System } from "./system";
import { type Candidate, systemPythons } from "./systemPythons";
import { TrustBoundary } from "./trust";

/** A program that was looked at and cannot be used. */
export interface Rejected {
  program: string;
  reason: string;
}

type Judged = { interpreter: Interpreter; newer: boolean } | { reason: string };

/** One search: no program is asked twice. */
export class InterpreterSearch {
  /** What was found and cannot be used, for the message that says so. */
  readonly rejected: Rejected[] = [];
  private readonly answers = new Map<string, Promise<Answer>>();
  private readonly boundary: Promise<TrustBoundary>;

  constructor(
    private readonly request: LaunchRequest,
    private readonly bundle: Bundle,
    private readonly system: System,
  ) {
    this.boundary = TrustBoundary.of(request.trusted);
  }

  /** Look at the program that the setting names. It is the person's own choice, so it may lie anywhere. */
  async judgeSetting(program: string): Promise<Judged> {
    return this.judge({ program, args: [] }, "setting");
  }

  /**
   * The interpreters that can be used, the first choice first, each base once; last, those that are
   * newer than the wheels. Programs are asked only as far as the caller goes on.
   * @throws CancelledError
   */
  async *usable(): AsyncGenerator<Interpreter> {
    const boundary = await this.boundary;
    const seen = new Set<string>();
    const newer: Interpreter[] = [];
    for await (const { source, ...candidate } of this.candidates()) {
      const judged = (await boundary.allows(candidate.program))
        ? await this.judge(candidate, source)
        : { reason: inWorkspace() };
      if ("reason" in judged) {
        this.reject(candidate.program, judged.reason);
        continue;
      }
      const { interpreter } = judged;
      const base = await realPath(interpreter.path);
      if (seen.has(base)) {
        continue;
      }
      seen.add(base);
      // A program outside of the workspace may still belong to a Python inside of it.
      if (!(await boundary.allows(interpreter.path))) {
        this.reject(interpreter.path, inWorkspace());
      } else if (judged.newer) {
        newer.push(interpreter);
      } else {
        yield interpreter;
      }
    }
    yield* newer;
  }

  private reject(program: string, reason: string): void {
    this.rejected.push({ program, reason });
    this.request.log.info(`${program} is not used: ${reason}`);
  }

  private async *candidates(): AsyncGenerator<Candidate & Pick<Interpreter, "source">> {
    if (this.request.trusted) {
      for await (const { source, program } of extensionsInterpreters(this.request.folder, this.request.log)) {
        if (await isProgram(program, this.system.platform)) {
          yield { program, args: [], source };
        }
      }
    }
    for await (const candidate of systemPythons(this.system)) {
      yield { ...candidate, source: "system" };
    }
  }

  private async judge(candidate: Candidate, source: Interpreter["source"]): Promise<Judged> {
    const real = await realPath(candidate.program);
    // A link to something else leads to a wrapper, which looks at the name that it is called by.
    const key = basename(real).startsWith("python") ? real : candidate.program;
    let answer = this.answers.get(key);
    if (answer === undefined) {
      answer = ask(candidate, this.request);
      this.answers.set(key, answer);
    }
    const { python, failure } = await answer;
    if (python === undefined) {
      return { reason: failure };
    }
    const fitness = fitnessOf(python, this.bundle);
    if (fitness.kind === "unfit") {
      return { reason: fitness.reason };
    }
    return { interpreter: { path: python.base, version: python.version, source }, newer: fitness.kind === "newer" };
  }
}

function inWorkspace(): string {
  return vscode.l10n.t("it lies in the workspace, which is not trusted");
}
