/** Small reports for tests: what is not said is as in a document without anything special. */
import type { Finding, Range, Reference, Report, Section } from "../../../src/protocol";

export function lines(first: number, end: number): Range {
  return { start: { line: first, character: 0 }, end: { line: end, character: 0 } };
}

/** A section from a line up to another one that costs the same as written and as sent. */
export function section(title: string, first: number, end: number, tokens: number | null, more: Partial<Section> = {}): Section {
  return {
    id: title,
    title,
    kind: "heading",
    level: 1,
    range: lines(first, end),
    headRange: { start: { line: first, character: 0 }, end: { line: first, character: title.length + 2 } },
    sent: true,
    tokens,
    ownTokens: tokens,
    expandedTokens: tokens,
    budget: null,
    ...more,
  };
}

export function reference(target: string, line: number, tokens: number | null, more: Partial<Reference> = {}): Reference {
  return {
    kind: "file",
    target,
    range: { start: { line, character: 0 }, end: { line, character: target.length + 6 } },
    placement: "inline",
    status: tokens === null ? "failed" : "resolved",
    resolvedUri: tokens === null ? null : `file:///work/${target}`,
    hash: null,
    fetchedAt: null,
    tokens,
    expandedTokens: tokens,
    code: tokens === null ? "reference/not-found" : null,
    message: tokens === null ? `There is no file ${target}.` : null,
    ...more,
  };
}

export function finding(code: string, line: number): Finding {
  return { code, severity: "warning", uri: "file:///work/CLAUDE.md", range: lines(line, line), message: "", related: [], fixes: [] };
}

export function report(tokens: number | null, more: Partial<Report> = {}): Report {
  return {
    uri: "file:///work/CLAUDE.md",
    version: 1,
    revision: 1,
    dialect: "claude",
    model: null,
    encoding: "o200k_base",
    accuracy: "exact",
    tokens,
    expandedTokens: tokens,
    pending: 0,
    estimate: null,
    framing: null,
    budget: null,
    sections: [],
    references: [],
    findings: [],
    ...more,
  };
}
