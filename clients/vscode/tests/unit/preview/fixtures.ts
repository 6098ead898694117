/** Renderings and reports as the server gives them, made of the pieces that a document consists of. */
import type { Position, Range, Reference, ReferenceStatus, Rendering, Report, Section, Segment } from "../../../src/protocol";
import type { RenderedPrompt } from "../../../src/preview/parts";

export const DOCUMENT = "file:///work/CLAUDE.md";

/** A piece of the document, or of what is sent. */
export type Piece =
  | { kind: "own"; text: string }
  | { kind: "unsent"; text: string }
  | { kind: "reference"; written: string; contents: Content[] }
  | { kind: "unresolved"; written: string; status: ReferenceStatus; message: string | null }
  | { kind: "attached"; contents: Content[] };

export interface Content {
  uri: string | null;
  text: string;
  /** Line that it begins in; undefined for what is put between contents. */
  line?: number;
  tokens?: number;
}

export const own = (text: string): Piece => ({ kind: "own", text });
export const unsent = (text: string): Piece => ({ kind: "unsent", text });
export const brings = (written: string, ...contents: Content[]): Piece => ({ kind: "reference", written, contents });
export const attached = (...contents: Content[]): Piece => ({ kind: "attached", contents });
export const unresolved = (written: string, status: ReferenceStatus, message: string | null = null): Piece => ({
  kind: "unresolved",
  written,
  status,
  message,
});
export const content = (uri: string | null, text: string, tokens = 10): Content => ({ uri, text, line: 0, tokens });
export const between = (text: string): Content => ({ uri: null, text });

/** A section from one line up to another; tokens as sent, with subsections. */
export function section(title: string, first: number, end: number, expandedTokens: number | null, sent = true): Section {
  const range = { start: { line: first, character: 0 }, end: { line: end, character: 0 } };
  return {
    id: title,
    title,
    kind: sent ? "heading" : "frontMatter",
    level: 1,
    range,
    headRange: range,
    sent,
    tokens: expandedTokens,
    ownTokens: expandedTokens,
    expandedTokens,
    budget: null,
  };
}

/** What the server says of a document of such pieces. */
export function answers(
  pieces: readonly Piece[],
  sections: Section[] = [],
): { rendering: Rendering; report: Pick<Report, "sections" | "references"> } {
  let text = "";
  let points = 0;
  let place: Position = { line: 0, character: 0 };
  let open: (Segment & { range: Range }) | undefined;
  const segments: Segment[] = [];
  const references: Reference[] = [];
  const add = (added: string, uri: string | null, range: Range | null, tokens: number | null): Segment => {
    const start = points;
    text += added;
    points += Array.from(added).length;
    // The server gives null where a text is from no file.
    const segment = { start, end: points, uri: uri!, range, tokens };
    segments.push(segment);
    return segment;
  };
  const refer = (written: string, status: ReferenceStatus, message: string | null, uri: string | null): void => {
    const range = { start: place, end: after(place, written) };
    references.push({
      kind: "file",
      target: written.slice(1),
      range,
      placement: "inline",
      status,
      resolvedUri: uri,
      hash: null,
      fetchedAt: null,
      tokens: null,
      expandedTokens: null,
      code: null,
      message,
    });
  };
  for (const piece of pieces) {
    if (piece.kind === "own" || piece.kind === "unresolved") {
      const written = piece.kind === "own" ? piece.text : piece.written;
      if (piece.kind === "unresolved") {
        refer(written, piece.status, piece.message, null);
      }
      const end = after(place, written);
      if (open === undefined) {
        open = add(written, DOCUMENT, { start: place, end }, 1) as Segment & { range: Range };
      } else {
        text += written;
        open.end = points += Array.from(written).length;
        open.range = { start: open.range.start, end };
      }
      place = end;
      continue;
    }
    open = undefined;
    if (piece.kind === "unsent") {
      place = after(place, piece.text);
      continue;
    }
    if (piece.kind === "reference") {
      refer(piece.written, "resolved", null, piece.contents[0]?.uri ?? null);
      place = after(place, piece.written);
    }
    for (const { uri, text: brought, line, tokens } of piece.contents) {
      const start = { line: line ?? 0, character: 0 };
      add(brought, uri, line === undefined ? null : { start, end: after(start, brought) }, tokens ?? null);
    }
  }
  return { rendering: { uri: DOCUMENT, version: 1, text, tokens: 100, segments }, report: { sections, references } };
}

/** The place behind a text that begins at a place. */
export function after({ line, character }: Position, text: string): Position {
  const lines = text.split("\n");
  const last = lines.at(-1) ?? "";
  return lines.length === 1
    ? { line, character: character + text.length }
    : { line: line + lines.length - 1, character: last.length };
}

/** The parts with their texts, as one can read them. */
export function readable({ text, parts }: RenderedPrompt): unknown[] {
  return parts.map((part) => ({
    [part.kind]: part.title,
    text: text.slice(part.start, part.end),
    tokens: part.tokens,
    ...(part.inserts.length > 0 && { inserts: part.inserts.map(({ start, end }) => text.slice(start, end)) }),
    ...(part.unresolved.length > 0 && {
      unresolved: part.unresolved.map(({ start, end, status }) => `${text.slice(start, end)} ${status}`),
    }),
  }));
}
