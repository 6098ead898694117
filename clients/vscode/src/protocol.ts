/** The requests and notifications of promptls beyond the protocol, and the shapes they carry. */
import type { Position, Range } from "vscode-languageclient";

export interface Budget {
  /** Tokens. */
  limit: number;
  used: number;
  /** `used` of `limit`; 1 is all of it. */
  share: number;
}

export type Accuracy = "exact" | "calibrated" | "estimate";

export interface Estimate {
  low: number;
  likely: number;
  high: number;
  source: string;
}

/** The head of a report. `tokens` is null while the first count runs, `expandedTokens` while anything is pending. */
export interface Figures {
  uri: string;
  version: number | null;
  revision: number;
  dialect: string;
  model: string | null;
  encoding: string;
  accuracy: Accuracy;
  tokens: number | null;
  expandedTokens: number | null;
  pending: number;
  estimate: Estimate | null;
  budget: Budget | null;
}

export type SectionKind = "frontMatter" | "preamble" | "heading" | "tag" | "role";

export interface Section {
  id: string;
  title: string;
  kind: SectionKind;
  level: number;
  range: Range;
  headRange: Range;
  sent: boolean;
  /** With subsections. */
  tokens: number | null;
  /** Without subsections. */
  ownTokens: number | null;
  expandedTokens: number | null;
  budget: Budget | null;
}

export type ReferenceStatus = "pending" | "resolved" | "stale" | "deferred" | "failed" | "blocked";

export interface Reference {
  kind: string;
  target: string;
  range: Range;
  placement: "inline" | "attached" | "none";
  status: ReferenceStatus;
  resolvedUri: string | null;
  hash: string | null;
  /** Seconds since 1970, of an answer from the network. */
  fetchedAt: number | null;
  tokens: number | null;
  expandedTokens: number | null;
  code: string | null;
  message: string | null;
}

export type Severity = "error" | "warning" | "information" | "hint";

export interface Finding {
  code: string;
  severity: Severity;
  uri: string;
  range: Range;
  message: string;
  related: { uri: string; range: Range; message: string }[];
  fixes: { title: string; range: Range; newText: string }[];
}

export interface Report extends Figures {
  /** What a provider adds around chat messages. */
  framing: { tokens: number; accuracy: Accuracy } | null;
  sections: Section[];
  references: Reference[];
  findings: Finding[];
}

/** What a status bar needs: the figures without the lists, cheap for a document of any size. */
export interface Summary extends Figures {
  /** Whether hints and findings appear in the document. */
  shown: boolean;
  /** The input window of the model in tokens; null where none is known. */
  window: number | null;
  /** `warn-at` of the document's budget: the share from which on it warns. */
  warnAt: number;
}

export interface Segment {
  /** Offsets into the rendered text, in Unicode code points. */
  start: number;
  end: number;
  /** Null for what is in no file: values, answers, what stands between files. */
  uri: string | null;
  range: Range | null;
  tokens: number | null;
}

export interface Rendering {
  uri: string;
  version: number;
  text: string;
  tokens: number | null;
  segments: Segment[];
}

export type WorkspaceDocument = Pick<
  Report,
  "uri" | "dialect" | "model" | "encoding" | "accuracy" | "tokens" | "expandedTokens" | "pending" | "estimate" | "budget" | "findings"
>;

export interface WorkspaceReport {
  documents: WorkspaceDocument[];
  totals: {
    documents: number;
    tokens: number;
    expandedTokens: number;
    pending: number;
    findings: Record<Severity, number>;
  };
  /** False while documents are still to be looked at. */
  complete: boolean;
}

export interface Model {
  name: string;
  provider: string;
  /** Tokens. */
  window: number | null;
  /** US dollars for a million input tokens. */
  inputPrice: number | null;
  encoding: string | null;
  accuracy: Accuracy;
}

/** What to paste into a bug report: versions, paths, cache and work; no prompt text. */
export interface ServerStatus {
  version: string;
  python: string;
  executable: string;
  platform: string;
  engine: string;
  trusted: boolean;
  documents: number;
  folders: number;
  positionEncoding: string;
  cache: {
    database: string;
    problem: string | null;
    memoryHits: number;
    databaseHits: number;
    misses: number;
    writes: number;
  };
  jobs: Record<string, number>;
}

export interface DocumentParams {
  textDocument: { uri: string };
}

export interface ReportChanged {
  uri: string;
  version: number;
  revision: number;
}

/** A request by its method, with the types of what is asked and answered. Nothing of the client's library is loaded. */
export interface Request<P, R> {
  readonly method: string;
  readonly types?: { params: P; result: R };
}

export const summaryRequest: Request<DocumentParams, Summary | null> = { method: "promptls/summary" };
export const reportRequest: Request<DocumentParams, Report | null> = { method: "promptls/report" };
export const renderRequest: Request<DocumentParams, Rendering> = { method: "promptls/render" };
export const workspaceReportRequest: Request<void, WorkspaceReport> = { method: "promptls/workspaceReport" };
export const modelsRequest: Request<void, { models: Model[] }> = { method: "promptls/models" };
export const statusRequest: Request<void, ServerStatus> = { method: "promptls/status" };
export const REPORT_CHANGED = "promptls/reportChanged";
export const TRUST_GRANTED = "promptls/trustGranted";

export type { Position, Range };
