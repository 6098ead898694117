"""From a document, its settings and its model to a report."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from promptls.budgets import (
    BudgetPolicy,
    BudgetUse,
    DocumentFigures,
    ModelProfile,
    SectionFigures,
    UnknownModel,
    budget_use,
    estimate,
    evaluate,
    framing,
    limit_tokens,
    ratio_to,
    unknown_model,
)
from promptls.findings import CATALOGUE, Finding, Range
from promptls.prompts.marks import LINE_LIMIT, Mark
from promptls.prompts.sections import Entry, Section, all_sections, snapshot
from promptls.report.declared import Declared
from promptls.report.document import Placed, PromptDocument
from promptls.report.model import (
    Accuracy,
    Estimate,
    Framing,
    Report,
    SectionKind,
    SectionReport,
)
from promptls.report.references import findings_of, locate, to_report
from promptls.settings import Resolved
from promptls.text import PositionEncoding
from promptls.text.units import count_units
from promptls.tokens.encodings import DEFAULT_ENCODING


@dataclass(frozen=True, slots=True)
class Context:
    """What a document is judged by: settings, model and what follows from them."""

    resolved: Resolved
    profile: ModelProfile | UnknownModel | None
    declared: Declared
    encoding: str
    _policy: BudgetPolicy | None = field(init=False, default=None, compare=False, repr=False)

    @property
    def model(self) -> ModelProfile | None:
        """The model if it is known."""
        return self.profile if isinstance(self.profile, ModelProfile) else None

    @property
    def accuracy(self) -> Accuracy:
        """How far the exact count in `encoding` holds for the model."""
        model = self.model
        if model is None:
            return "exact"
        if model.encoding is not None and model.encoding != self.encoding:
            return "estimate"
        return model.accuracy

    def policy(self) -> BudgetPolicy:
        """What applies to every budget of the document; made once, hints ask for it often."""
        if self._policy is None:
            object.__setattr__(self, "_policy", self._make_policy())
        assert self._policy is not None  # noqa: S101 - just made
        return self._policy

    def _make_policy(self) -> BudgetPolicy:
        budget = self.resolved.settings.budget
        model = self.model
        return BudgetPolicy(
            warn_at=budget.warn_at,
            reserve=budget.reserve_output,
            model=self.resolved.settings.model,
            window=model.window if model is not None else None,
            ratio=ratio_to(self.encoding, model) if model is not None else None,
        )


def choose_encoding(resolved: Resolved, profile: ModelProfile | UnknownModel | None) -> str:
    """The encoding that a document is counted in: the setting's, the model's, or the default."""
    if resolved.settings.encoding is not None:
        return resolved.settings.encoding
    if isinstance(profile, ModelProfile) and profile.encoding is not None:
        return profile.encoding
    return DEFAULT_ENCODING


@dataclass(slots=True)
class Draft:
    """All of a document that its report needs, taken at one moment; made into one elsewhere."""

    entries: list[Entry]
    context: Context
    position_encoding: PositionEncoding
    dialect: str
    revision: int
    tokens: int | None
    expanded: int | None
    pending: int
    all_known: bool
    pending_sections: frozenset[int]
    """First lines of the sections whose figures are not known, when not all are."""
    first_width: int
    end: tuple[int, int]
    """The position of the end of the text."""
    key: str = ""
    version: int | None = None
    problem: str = ""
    """Why the document cannot be counted; "" when it can."""
    places: list[tuple[Placed, str]] = field(default_factory=list)
    """The lines that hold references, each with its text."""


def draft(
    document: PromptDocument,
    context: Context,
    key: str,
    version: int | None = None,
    *,
    problem: str = "",
) -> Draft:
    """Take what a report needs; the cost is a copy of the list of marks."""
    buffer = document.buffer
    entries = snapshot(document.outline)
    pending: frozenset[int] = frozenset()
    if document.is_pending:
        pending = frozenset(
            section.line
            for section in all_sections(entries)
            if document.is_section_pending(section)
        )
    return Draft(
        entries=entries,
        context=context,
        position_encoding=buffer.encoding,
        dialect=document.dialect.name,
        revision=document.revision,
        tokens=document.tokens,
        expanded=document.expanded_tokens,
        pending=int(document.is_pending) + document.pending_references,
        all_known=not document.is_pending,
        pending_sections=pending,
        first_width=buffer.line_length(0),
        end=buffer.position_at(len(buffer)),
        key=key,
        version=version,
        problem=problem,
        places=_places(document),
    )


def _places(document: PromptDocument) -> list[tuple[Placed, str]]:
    """The lines that hold references; marks change under the report, so it gets copies."""
    return [(place.frozen(), document.line_of(place)) for place in document.placed()]


def build(draft: Draft) -> Report:
    """Make the report: sections with figures and budgets, and all findings."""
    context = draft.context
    sections = all_sections(draft.entries)
    policy = context.policy()
    settings = context.resolved.settings
    head = Range.of(0, 0, 0, draft.first_width)
    head_ranges = [_head_range(draft, section) for section in sections]
    waiting = [
        place.line
        for place, _ in draft.places
        if any(found.status == "pending" for _, found in place.pairs())
    ]
    figures = _Figures(draft, sections, head_ranges)
    evaluation = evaluate(
        DocumentFigures(
            draft.expanded,
            settings.budget.document,
            context.declared.ranges.get("budget.document", head)
            if _is_declared(context, "budget.document")
            else head,
        ),
        figures,
        policy,
        section_limit=settings.budget.section,
        own_limits={
            place: section.mark.limit
            for place, section in enumerate(sections)
            if section.mark.limit is not None
        },
    )
    findings = [*context.declared.findings, *context.resolved.document_problems]
    if draft.problem:
        code = "tokens/not-counted"
        findings.append(Finding(code, CATALOGUE[code].severity, head, draft.problem))
    if isinstance(context.profile, UnknownModel):
        place = context.declared.ranges.get("model", head)
        findings.append(
            unknown_model(context.profile, place if _is_declared(context, "model") else head)
        )
    findings += evaluation.findings
    located = list(locate(draft.places, draft.position_encoding))
    findings += findings_of(located, policy, settings.budget.reference, draft.position_encoding)
    reports = tuple(
        _section_report(
            draft,
            section,
            head_range,
            figures.pending(section),
            _waits(section, waiting),
            use,
        )
        for section, head_range, use in zip(
            sections,
            head_ranges,
            (evaluation.section_uses.get(place) for place in range(len(sections))),
            strict=True,
        )
    )
    return Report(
        key=draft.key,
        version=draft.version,
        revision=draft.revision,
        dialect=draft.dialect,
        model=settings.model,
        encoding=context.encoding,
        accuracy=context.accuracy,
        tokens=draft.tokens,
        expanded_tokens=draft.expanded,
        pending=draft.pending,
        estimate=_estimate(context, draft.expanded),
        framing=_framing(context, sections),
        budget=evaluation.document_use,
        sections=reports,
        references=tuple(to_report(one) for one in located),
        findings=tuple(_not_ignored(findings, sections, context)),
    )


def summarize(
    document: PromptDocument, context: Context, key: str, version: int | None = None
) -> Report:
    """The figures of a report alone: no sections, references and findings, and no framing.

    Costs the same for a document of any size.
    """
    expanded = document.expanded_tokens
    return Report(
        key=key,
        version=version,
        revision=document.revision,
        dialect=document.dialect.name,
        model=context.resolved.settings.model,
        encoding=context.encoding,
        accuracy=context.accuracy,
        tokens=document.tokens,
        expanded_tokens=expanded,
        pending=int(document.is_pending) + document.pending_references,
        estimate=_estimate(context, expanded),
        budget=budget_use(expanded, context.resolved.settings.budget.document, context.policy()),
    )


def section_limit(context: Context, mark: Mark) -> int | None:
    """The budget in tokens of the section that begins at a mark; None when it has none."""
    limit = mark.limit or context.resolved.settings.budget.section
    if limit is None or mark.section == "frontMatter":
        return None
    policy = context.policy()
    return limit_tokens(limit, policy.window, policy.reserve) or None


def document_limit(context: Context) -> int | None:
    """The document's budget in tokens; None when it has none."""
    limit = context.resolved.settings.budget.document
    if limit is None:
        return None
    policy = context.policy()
    return limit_tokens(limit, policy.window, policy.reserve) or None


def head_width(mark: Mark, encoding: PositionEncoding) -> int | None:
    """The length of a section's first line in code units; None when the mark does not know it."""
    if mark.width < 0:
        if not mark.text or len(mark.text) >= LINE_LIMIT:
            return None
        mark.width = count_units(mark.text, encoding)
    return mark.width


class _Figures(Sequence[SectionFigures]):
    """The sections as budgets see them, made when they are asked for."""

    def __init__(self, draft: Draft, sections: list[Section], ranges: list[Range]) -> None:
        self._draft = draft
        self._sections = sections
        self._ranges = ranges

    def __len__(self) -> int:
        return len(self._sections)

    def __getitem__(self, place: int) -> SectionFigures:  # type: ignore[override]
        section = self._sections[place]
        known = section.kind != "frontMatter" and not self.pending(section)
        return SectionFigures(
            section.id,
            section.title,
            self._ranges[place],
            section.expanded if known else None,
            section.own_expanded if known else None,
        )

    def pending(self, section: Section) -> bool:
        draft = self._draft
        return not draft.all_known and section.line in draft.pending_sections


def _head_range(draft: Draft, section: Section) -> Range:
    width = head_width(section.mark, draft.position_encoding) if section.line else draft.first_width
    return Range.of(section.line, 0, section.line, LINE_LIMIT if width is None else width)


def _section_report(
    draft: Draft,
    section: Section,
    head_range: Range,
    pending: bool,
    waits: bool,
    use: BudgetUse | None,
) -> SectionReport:
    end_line, end_character = section.end_line, 0
    if end_line > draft.end[0]:
        end_line, end_character = draft.end
    kind: SectionKind = section.kind  # type: ignore[assignment]
    return SectionReport(
        id=section.id,
        title=section.title,
        kind=kind,
        level=section.level,
        range=Range.of(section.line, 0, end_line, end_character),
        head_range=head_range,
        sent=section.kind != "frontMatter",
        tokens=None if pending else section.tokens,
        own_tokens=None if pending else section.own_tokens,
        expanded_tokens=None if pending or waits else section.expanded,
        budget=use,
    )


def _waits(section: Section, waiting: list[int]) -> bool:
    """Whether a reference in a section is pending."""
    at = bisect_left(waiting, section.line)
    return at < len(waiting) and waiting[at] < section.end_line


def _is_declared(context: Context, name: str) -> bool:
    return context.resolved.origins.get(name) in {layer.origin for layer in context.declared.layers}


def _not_ignored(
    findings: Sequence[Finding], sections: list[Section], context: Context
) -> list[Finding]:
    """Leave out what settings and directives say to ignore."""
    settings = context.resolved.settings
    kept = [finding for finding in findings if not settings.ignores(finding.code)]
    if not any(section.mark.ignored for section in sections):
        return kept
    lines = [section.line for section in sections]

    def is_ignored(finding: Finding) -> bool:
        place = bisect_right(lines, finding.range.start.line) - 1
        while place >= 0:
            section = sections[place]
            if finding.range.start.line < section.end_line and any(
                fnmatchcase(finding.code, pattern) for pattern in section.mark.ignored
            ):
                return True
            place = section.parent
        return False

    return [finding for finding in kept if not is_ignored(finding)]


def _estimate(context: Context, tokens: int | None) -> Estimate | None:
    if tokens is None or context.model is None:
        return None
    found = estimate(tokens, context.encoding, context.model)
    if found is None:
        return None
    return Estimate(found.low, found.likely, found.high, found.source)


def _framing(context: Context, sections: list[Section]) -> Framing | None:
    if context.model is None:
        return None
    found = framing(context.model, sum(1 for section in sections if section.kind == "role"))
    return None if found is None else Framing(found.tokens, found.accuracy)
