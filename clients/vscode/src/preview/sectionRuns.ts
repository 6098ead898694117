/** Which section each line of a document belongs to, and what the sections cost by themselves. */
import type { Section } from "../protocol";

/** Lines that belong to one section and to none of its subsections. */
export interface SectionRun {
  /** First line. */
  line: number;
  section: Section | undefined;
  /** False for what follows a subsection that has ended. */
  first: boolean;
}

/** The runs in the order of their lines. `sections` are in document order, a section before its subsections. */
export function sectionRuns(sections: readonly Section[]): SectionRun[] {
  const runs: SectionRun[] = [];
  const around: Section[] = [];
  const begin = (run: SectionRun): void => {
    if (runs.at(-1)?.line === run.line) {
      runs.pop();
    }
    runs.push(run);
  };
  const leave = (line: number): void => {
    for (let last = around.at(-1); last !== undefined && endLine(last) <= line; last = around.at(-1)) {
      around.pop();
      begin({ line: endLine(last), section: around.at(-1), first: false });
    }
  };
  for (const section of sections) {
    leave(section.range.start.line);
    begin({ line: section.range.start.line, section, first: true });
    around.push(section);
  }
  leave(Infinity);
  if (runs.at(-1)?.section === undefined) {
    runs.pop(); // it begins where the document ends
  }
  return runs;
}

/** The last run that begins at a line or before it. */
export function runAt(runs: readonly SectionRun[], line: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.line ?? Infinity) <= line) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}

/** Tokens of each section as it is sent, with what it brings in, without its subsections; null where not known. */
export function ownSentTokens(sections: readonly Section[]): Map<Section, number | null> {
  const found = new Map<Section, number | null>();
  const around: Section[] = [];
  for (const section of sections) {
    while (around.length > 0 && endLine(around.at(-1)) <= section.range.start.line) {
      around.pop();
    }
    found.set(section, section.expandedTokens);
    const parent = around.at(-1);
    const left = parent && found.get(parent);
    if (parent !== undefined && left !== undefined) {
      found.set(parent, left === null || section.expandedTokens === null ? null : left - section.expandedTokens);
    }
    around.push(section);
  }
  return found;
}

/** The line behind a section; sections are whole lines, so one that ends inside a line ends the document. */
function endLine(section: Section | undefined): number {
  if (section === undefined) {
    return Infinity;
  }
  const { line, character } = section.range.end;
  return character > 0 ? line + 1 : line;
}
