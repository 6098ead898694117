/** What stands in the view: one node for each of its items. */
import type { Reference, Report, Section } from "../protocol";

/** How a budget stands, as the findings say: what they are told to ignore is `within`. */
export type Level = "within" | "near" | "exceeded";

export interface Cost {
  /** Tokens as sent, as the model counts them; as written where that is not known; null while counted. */
  tokens: number | null;
  /** Of the document as sent (of what is known of it so far); null where there is nothing to compare. */
  share: number | null;
  /** Tokens as written, as the model counts them; null while counted. */
  written: number | null;
}

interface Common extends Cost {
  /** Stays while other parts of the document change. */
  id: string;
  level: Level;
}

export interface DocumentNode extends Common {
  kind: "document";
  report: Report;
  /** Newer figures are under way; these are the last ones. */
  isCounting: boolean;
}

export interface SectionNode extends Common {
  kind: "section";
  section: Section;
  /** Tokens as written, without subsections. */
  own: number | null;
  /** Its place in the report. */
  place: number;
  /** Whether it holds other sections. */
  nests: boolean;
}

export interface ReferencesNode extends Common {
  kind: "references";
  count: number;
  /** How many are failed or blocked, and how many are still looked up. */
  broken: number;
  pending: number;
}

export interface ReferenceNode extends Common {
  kind: "reference";
  reference: Reference;
}

/** What is left out of a long list. */
export interface MoreNode extends Common {
  kind: "more";
  count: number;
  parent: SectionNode | ReferencesNode | undefined;
}

/** A way out for a document that is no prompt yet. */
export interface TreatAsPromptNode {
  kind: "treatAsPrompt";
  id: "treatAsPrompt";
}

export type BudgetNode = DocumentNode | SectionNode | ReferencesNode | ReferenceNode | MoreNode | TreatAsPromptNode;
