/** Which prompt files of a workspace are over or near their budget. No editor in here. */
import { count, percent } from "../figures";
import type { WorkspaceReport } from "../protocol";

/** A file that is over or near the budget of its document. */
export interface Standing {
  level: "near" | "exceeded";
  used: number;
  limit: number;
  isExact: boolean;
}

const CODES: Readonly<Record<string, Standing["level"]>> = {
  "budget/document-near": "near",
  "budget/document-exceeded": "exceeded",
};

/**
 * By URI. The findings decide, not the figures: what somebody has told them to ignore is not worth
 * a mark in the explorer either.
 */
export function standingsOf({ documents }: WorkspaceReport): Map<string, Standing> {
  const standings = new Map<string, Standing>();
  for (const { uri, budget, accuracy, findings } of documents) {
    const level = findings.map(({ code }) => CODES[code]).find((found) => found !== undefined);
    if (budget !== null && level !== undefined) {
      standings.set(uri, { level, used: budget.used, limit: budget.limit, isExact: accuracy === "exact" });
    }
  }
  return standings;
}

/** The URIs whose standing is another one, in either direction. */
export function changesBetween(before: ReadonlyMap<string, Standing>, after: ReadonlyMap<string, Standing>): string[] {
  const uris = new Set([...before.keys(), ...after.keys()]);
  return [...uris].filter((uri) => !isSame(before.get(uri), after.get(uri)));
}

/** The figures of a standing as they are written: tokens used, share, limit. */
export function figuresOf({ used, limit, isExact }: Standing): [used: string, share: string, limit: string] {
  return [(isExact ? "" : "≈") + count(used), percent(used / limit), count(limit)];
}

function isSame(a: Standing | undefined, b: Standing | undefined): boolean {
  return a?.level === b?.level && a?.used === b?.used && a?.limit === b?.limit && a?.isExact === b?.isExact;
}
