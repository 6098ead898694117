/** A report as the view shows it: sections nested, the most expensive first, and references. */
import type { Position, Range, Reference, Report } from "../protocol";
import { Nesting } from "./nesting";
import type { BudgetNode, Cost, DocumentNode, Level, MoreNode, ReferenceNode, ReferencesNode, SectionNode } from "./nodes";

/** Siblings that are shown; what is beyond them is one node with their sum. */
export const SIBLINGS_MAX = 500;

/** Code of the finding that says why a document has no figures. */
export const NOT_COUNTED = "tokens/not-counted";

const BUDGET_FINDING = /^budget\/(document|section|reference)-(near|exceeded)$/;

/**
 * What to show of a report after another one. While a document is counted anew the last figures
 * stay: they are mostly right, and a tree of blanks says nothing.
 */
export function modelOf(report: Report, previous?: BudgetModel): BudgetModel {
  const last = previous?.report.uri === report.uri ? previous : undefined;
  const isCounting = report.tokens === null && !report.findings.some(({ code }) => code === NOT_COUNTED);
  return isCounting && last !== undefined && last.report.tokens !== null
    ? new BudgetModel(last.report, last, true)
    : new BudgetModel(report, last, isCounting);
}

/** One report, made into nodes when they are asked for. */
export class BudgetModel {
  private readonly nesting: Nesting;
  private readonly levels: Map<string, Level>;
  private readonly sections = new Map<number, SectionNode>();
  private readonly rankings = new WeakMap<readonly number[], number[]>();
  private readonly whole: number;
  private readonly ratio: number;
  private readonly document: DocumentNode;
  private readonly references: ReferencesNode | undefined;
  private sectionIds: readonly string[] | undefined;
  private referenceNodes: ReferenceNode[] | undefined;

  /** `previous` is of the same document: its model's way of counting holds until it is known again. */
  constructor(
    readonly report: Report,
    previous?: BudgetModel,
    isCounting = false,
  ) {
    this.nesting = new Nesting(report.sections);
    this.levels = levelsOf(report);
    this.ratio = ratioOf(report) ?? (previous?.report.model === report.model ? previous.ratio : 1);
    this.whole = report.expandedTokens ?? this.knownSoFar();
    this.document = {
      kind: "document",
      id: "document",
      level: this.levels.get("document") ?? "within",
      ...this.cost(report.expandedTokens, report.tokens),
      report,
      isCounting,
    };
    this.references = this.referencesNode();
  }

  /** The document, its outermost sections, its references. */
  roots(): BudgetNode[] {
    const sections = this.cut(this.ranked(this.nesting.roots), undefined);
    return [this.document, ...sections, ...(this.references === undefined ? [] : [this.references])];
  }

  children(node: BudgetNode): BudgetNode[] {
    switch (node.kind) {
      case "section":
        return this.cut(this.ranked(this.nesting.below(node.place)), node);
      case "references":
        return this.cut(this.allReferences(), node);
      case "document":
      case "reference":
      case "more":
      case "treatAsPrompt":
        return [];
    }
  }

  parent(node: BudgetNode): BudgetNode | undefined {
    switch (node.kind) {
      case "section": {
        const parent = this.nesting.parentOf(node.place);
        return parent === undefined ? undefined : this.sectionNode(parent);
      }
      case "reference":
        return this.references;
      case "more":
        return node.parent;
      case "document":
      case "references":
      case "treatAsPrompt":
        return undefined;
    }
  }

  /** The innermost section at a position that is among those shown. */
  sectionAt(position: Position): SectionNode | undefined {
    let shown: SectionNode | undefined;
    let place = this.nesting.at(position);
    const way: number[] = [];
    for (; place !== undefined; place = this.nesting.parentOf(place)) {
      way.unshift(place);
    }
    for (const step of way) {
      const siblings = shown === undefined ? this.nesting.roots : this.nesting.below(shown.place);
      if (siblings.length > SIBLINGS_MAX && !this.ranked(siblings).slice(0, SIBLINGS_MAX).includes(step)) {
        break;
      }
      shown = this.sectionNode(step);
    }
    return shown;
  }

  /** Where a node is gone to: the head of a section, all of a reference; undefined for what has gone. */
  rangeOf(id: string): Range | undefined {
    if (id === this.document.id) {
      return at({ line: 0, character: 0 });
    }
    const section = this.report.sections[this.idsOfSections().indexOf(id)];
    return section === undefined
      ? this.allReferences().find((node) => node.id === id)?.reference.range
      : at(section.headRange.start);
  }

  private sectionNode(place: number): SectionNode | undefined {
    const known = this.sections.get(place);
    const section = this.report.sections[place];
    if (known !== undefined || section === undefined) {
      return known;
    }
    const cost = this.cost(section.expandedTokens, section.tokens);
    const node: SectionNode = {
      kind: "section",
      id: this.idsOfSections()[place] ?? "",
      level: this.levels.get(`section:${key(section.headRange)}`) ?? "within",
      ...(section.sent ? cost : { ...cost, tokens: cost.written, share: null }),
      section,
      own: this.scaled(section.ownTokens),
      place,
      nests: this.nesting.below(place).length > 0,
    };
    this.sections.set(place, node);
    return node;
  }

  private idsOfSections(): readonly string[] {
    return (this.sectionIds ??= unique(this.report.sections.map(({ id }) => `section:${id}`)));
  }

  private referencesNode(): ReferencesNode | undefined {
    const { references } = this.report;
    if (references.length === 0) {
      return undefined;
    }
    const counted = (...statuses: string[]): number =>
      references.filter(({ status }) => statuses.includes(status)).length;
    return {
      kind: "references",
      id: "references",
      level: "within",
      tokens: null,
      share: null,
      written: null,
      count: references.length,
      broken: counted("failed", "blocked"),
      pending: counted("pending"),
    };
  }

  /** The most expensive first. */
  private allReferences(): ReferenceNode[] {
    if (this.referenceNodes === undefined) {
      const { references } = this.report;
      const ids = unique(references.map(({ kind, target }) => `reference:${kind}:${target}`));
      this.referenceNodes = references
        .map((reference, place) => this.referenceNode(reference, ids[place] ?? ""))
        .sort((a, b) => (b.tokens ?? -1) - (a.tokens ?? -1));
    }
    return this.referenceNodes;
  }

  private referenceNode(reference: Reference, id: string): ReferenceNode {
    const sent = reference.placement === "none" ? null : reference.expandedTokens;
    return {
      kind: "reference",
      id,
      level: this.levels.get(`reference:${key(reference.range)}`) ?? "within",
      tokens: this.scaled(sent),
      share: this.shareOf(sent),
      written: this.scaled(reference.tokens),
      reference,
    };
  }

  /** Places of siblings, the most expensive first; what costs the same stays in document order. */
  private ranked(places: readonly number[]): number[] {
    let ranking = this.rankings.get(places);
    if (ranking === undefined) {
      ranking = [...places].sort((a, b) => this.sent(b) - this.sent(a) || a - b);
      this.rankings.set(places, ranking);
    }
    return ranking;
  }

  private sent(place: number): number {
    const section = this.report.sections[place];
    return section?.sent === true ? (section.expandedTokens ?? section.tokens ?? 0) : -1;
  }

  private cut(siblings: number[] | ReferenceNode[], parent: MoreNode["parent"]): BudgetNode[] {
    const nodes = siblings
      .slice(0, SIBLINGS_MAX)
      .map((one) => (typeof one === "number" ? this.sectionNode(one) : one))
      .filter((node) => node !== undefined);
    if (siblings.length <= SIBLINGS_MAX) {
      return nodes;
    }
    let tokens = 0;
    for (const one of siblings.slice(SIBLINGS_MAX)) {
      tokens += typeof one === "number" ? Math.max(this.sent(one), 0) : (one.reference.expandedTokens ?? 0);
    }
    const more: MoreNode = {
      kind: "more",
      id: `more:${parent?.id ?? ""}`,
      level: "within",
      ...this.cost(tokens, null),
      count: siblings.length - SIBLINGS_MAX,
      parent,
    };
    return [...nodes, more];
  }

  private cost(sent: number | null, written: number | null): Cost {
    const tokens = sent ?? written;
    return { tokens: this.scaled(tokens), share: this.shareOf(tokens), written: this.scaled(written) };
  }

  private shareOf(tokens: number | null): number | null {
    return tokens === null || this.whole === 0 ? null : tokens / this.whole;
  }

  /** Tokens of the document's encoding as the model is expected to count them. */
  private scaled(tokens: number | null): number | null {
    return tokens === null ? null : Math.round(tokens * this.ratio);
  }

  /** The sum of the outermost sections: what is known of the whole while a reference is looked up. */
  private knownSoFar(): number {
    return this.nesting.roots.reduce((sum, place) => sum + Math.max(this.sent(place), 0), 0);
  }
}

function levelsOf(report: Report): Map<string, Level> {
  const levels = new Map<string, Level>();
  for (const { code, range } of report.findings) {
    const [, what, level] = BUDGET_FINDING.exec(code) ?? [];
    if (what !== undefined) {
      levels.set(what === "document" ? what : `${what}:${key(range)}`, level as Level);
    }
  }
  return levels;
}

/**
 * How many tokens the model is expected to count for one of the document's encoding; undefined
 * where the report does not say.
 */
function ratioOf({ accuracy, estimate, expandedTokens }: Report): number | undefined {
  if (accuracy === "exact") {
    return 1;
  }
  return estimate === null || !expandedTokens ? undefined : estimate.likely / expandedTokens;
}

function at(position: Position): Range {
  return { start: position, end: position };
}

function key({ start }: Range): string {
  return `${start.line}:${start.character}`;
}

/** Names with an ordinal behind those that came before. */
function unique(names: string[]): string[] {
  const times = new Map<string, number>();
  return names.map((name) => {
    const time = (times.get(name) ?? 0) + 1;
    times.set(name, time);
    return time === 1 ? name : `${name}\n${time}`;
  });
}
