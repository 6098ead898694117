/** What the extension and the preview's page say to each other; both sides check what they get. */

/** A run of text in a block. */
export interface Run {
  text: string;
  /** Set where the text comes from elsewhere. */
  insert?: {
    name: string;
    /** Where it is from, in full. */
    place: string;
    tokens: number | null;
    /** False where it goes on from the block before. */
    first: boolean;
  };
  /** Set where a reference stays as it is written. */
  unresolved?: { status: string; reason: string };
}

/** Some lines of the prompt, all of one part. */
export interface Block {
  /** Set in the first block of a part. */
  head?: { kind: string; title: string };
  /** What the part costs. */
  tokens: number | null;
  runs: Run[];
}

/** The figures above the prompt. Tokens as they are counted; `factor` makes them those of the model. */
export interface Head {
  tokens: number | null;
  /** Tokens of the document as it stands. */
  written: number | null;
  /** 1 where the count is the model's own. */
  factor: number;
  exact: boolean;
  model: string;
  budget: { used: number; limit: number; state: "below" | "near" | "over" } | null;
  parts: number;
  /** What is not shown, of a very large prompt. */
  hidden: { parts: number; characters: number } | null;
}

export interface Status {
  kind: "busy" | "waiting" | "problem";
  message: string;
  /** The label of a button that does something about it. */
  action: string | null;
}

/** From the extension to the page. Blocks count from 0; `offset` counts code units in the block. */
export type HostMessage =
  | { type: "head"; head: Head | null }
  | { type: "blocks"; revision: number; from: number; removed: number; added: Block[]; last: boolean }
  | { type: "cursor"; revision: number; block: number | null; offset: number; scroll: boolean }
  | { type: "status"; status: Status | null }
  | { type: "document"; uri: string; locked: boolean }
  | { type: "copied" };

/** From the page to the extension. */
export type PageMessage =
  | { type: "ready" }
  | { type: "lock"; locked: boolean }
  | { type: "copy" }
  | { type: "copyPart"; revision: number; block: number }
  | { type: "copyInsert"; revision: number; block: number; run: number }
  | { type: "open"; revision: number; block: number; offset: number; focus: boolean }
  | { type: "more" }
  | { type: "act" };

/** What is kept of a preview when the window is reloaded. */
export interface PreviewState {
  uri: string;
  locked: boolean;
}

type Fields = Record<string, unknown>;

function fields(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null ? (value as Fields) : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTokens(value: unknown): boolean {
  return value === null || isCount(value);
}

/** Undefined for what no page of ours says. */
export function readPageMessage(value: unknown): PageMessage | undefined {
  const message = fields(value);
  const { revision, block, run, offset } = message ?? {};
  switch (message?.["type"]) {
    case "ready":
    case "copy":
    case "more":
    case "act":
      return { type: message["type"] };
    case "lock":
      return typeof message["locked"] === "boolean" ? { type: "lock", locked: message["locked"] } : undefined;
    case "copyPart":
      return isCount(revision) && isCount(block) ? { type: "copyPart", revision, block } : undefined;
    case "copyInsert":
      return isCount(revision) && isCount(block) && isCount(run)
        ? { type: "copyInsert", revision, block, run }
        : undefined;
    case "open":
      return isCount(revision) && isCount(block) && isCount(offset) && typeof message["focus"] === "boolean"
        ? { type: "open", revision, block, offset, focus: message["focus"] }
        : undefined;
    default:
      return undefined;
  }
}

/** Undefined for what no extension of ours says. */
export function readHostMessage(value: unknown): HostMessage | undefined {
  const message = fields(value);
  const valid = message !== undefined && isHostMessage(message);
  return valid ? (message as HostMessage) : undefined;
}

function isHostMessage(message: Fields): boolean {
  switch (message["type"]) {
    case "head":
      return message["head"] === null || isHead(fields(message["head"]));
    case "blocks":
      return (
        [message["revision"], message["from"], message["removed"]].every(isCount) &&
        typeof message["last"] === "boolean" &&
        Array.isArray(message["added"]) &&
        message["added"].every((block) => isBlock(fields(block)))
      );
    case "cursor":
      return (
        isCount(message["revision"]) &&
        isTokens(message["block"]) &&
        isCount(message["offset"]) &&
        typeof message["scroll"] === "boolean"
      );
    case "status":
      return message["status"] === null || isStatus(fields(message["status"]));
    case "document":
      return readState(message) !== undefined;
    case "copied":
      return true;
    default:
      return false;
  }
}

function isHead(head: Fields | undefined): boolean {
  const hidden = fields(head?.["hidden"]);
  return (
    head !== undefined &&
    isTokens(head["tokens"]) &&
    isTokens(head["written"]) &&
    typeof head["factor"] === "number" &&
    typeof head["exact"] === "boolean" &&
    typeof head["model"] === "string" &&
    isCount(head["parts"]) &&
    (head["budget"] === null || isBudget(fields(head["budget"]))) &&
    (head["hidden"] === null || (isCount(hidden?.["parts"]) && isCount(hidden["characters"])))
  );
}

function isBudget(budget: Fields | undefined): boolean {
  const state = budget?.["state"];
  return isCount(budget?.["used"]) && isCount(budget["limit"]) && (state === "below" || state === "near" || state === "over");
}

function isBlock(block: Fields | undefined): boolean {
  const head = fields(block?.["head"]);
  return (
    block !== undefined &&
    isTokens(block["tokens"]) &&
    (block["head"] === undefined || (typeof head?.["kind"] === "string" && typeof head["title"] === "string")) &&
    Array.isArray(block["runs"]) &&
    block["runs"].every((run) => typeof fields(run)?.["text"] === "string")
  );
}

function isStatus(status: Fields | undefined): boolean {
  return (
    status !== undefined &&
    ["busy", "waiting", "problem"].includes(status["kind"] as string) &&
    typeof status["message"] === "string" &&
    (status["action"] === null || typeof status["action"] === "string")
  );
}

/** What was kept of a preview; undefined where that is nothing of ours. */
export function readState(value: unknown): PreviewState | undefined {
  const state = fields(value);
  return typeof state?.["uri"] === "string" && typeof state["locked"] === "boolean"
    ? { uri: state["uri"], locked: state["locked"] }
    : undefined;
}
