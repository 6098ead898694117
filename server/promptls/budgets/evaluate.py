"""From figures and limits to budget uses and findings.

Figures are what is sent (expanded tokens), counted in the document's encoding. For a model whose
tokenizer is not at hand they are scaled to its likely count. Chat framing is not part of them.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from promptls.budgets import messages
from promptls.budgets.families import Ratio
from promptls.budgets.thresholds import (
    BudgetUse,
    Threshold,
    limit_tokens,
    reserved_tokens,
    threshold,
    use_of,
)
from promptls.findings import Finding, Range, Related

if TYPE_CHECKING:
    from promptls.settings.limit import BudgetLimit

_NAMED_SECTIONS = 5
_NO_LIMITS: Mapping[int, BudgetLimit] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class BudgetPolicy:
    """What applies to every budget of one document."""

    warn_at: float
    """The share of a budget from which on it warns; above 0, at most 1."""
    reserve: BudgetLimit
    """What is kept for the model's output before a share is taken of the window."""
    model: str | None = None
    """The model's name as a reader knows it; None when none is named."""
    window: int | None = None
    """Its input window in tokens."""
    ratio: Ratio | None = None
    """How the model counts (`estimate.ratio_to`); None: as the document's encoding does."""


@dataclass(frozen=True, slots=True)
class DocumentFigures:
    """A document as budgets see it."""

    tokens: int | None
    """Of what is sent; None while anything is pending."""
    limit: BudgetLimit | None
    range: Range
    """Where its findings stand: what set the budget, or the document's head."""


@dataclass(frozen=True, slots=True)
class SectionFigures:
    """A section as budgets see it."""

    id: str
    title: str
    head_range: Range
    tokens: int | None
    """Of what is sent, with subsections; None while pending."""
    own_tokens: int | None
    """The same without subsections: what counts for the list of the largest sections."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The budgets of one document."""

    document_use: BudgetUse | None
    section_uses: Mapping[int, BudgetUse]
    """By the section's place in the sequence; only sections with a budget and a figure."""
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Verdicts:
    """The findings so far; what is wrong with a limit is told once for each place."""

    policy: BudgetPolicy
    findings: list[Finding] = field(default_factory=list)
    _told: set[tuple[str, Range]] = field(default_factory=set)

    def resolve(self, limit: BudgetLimit, range_: Range) -> Threshold | None:
        """Put a limit in tokens; None, with a finding, when it has no meaning."""
        policy = self.policy
        tokens = limit_tokens(limit, policy.window, policy.reserve)
        if tokens:
            return threshold(tokens, policy.warn_at)
        if tokens == 0 and policy.window is not None:
            reserved = reserved_tokens(policy.reserve, policy.window)
            problem = messages.no_room(reserved, policy.window, range_)
        else:
            problem = messages.no_window(policy.model, range_)
        if (problem.code, range_) not in self._told:
            self._told.add((problem.code, range_))
            self.findings.append(problem)
        return None


def evaluate(
    document: DocumentFigures,
    sections: Sequence[SectionFigures],
    policy: BudgetPolicy,
    *,
    section_limit: BudgetLimit | None = None,
    own_limits: Mapping[int, BudgetLimit] = _NO_LIMITS,
) -> Evaluation:
    """Compare figures with limits.

    A warning from the warning share on, an error from the limit itself on (share 1.0). A section
    is held to its own limit (`own_limits`, by place in `sections`), else to `section_limit`. What
    is pending is left out. Without `section_limit` only the sections with a limit of their own are
    looked at, and all of them only to name the largest when the document's budget has a finding.
    """
    verdicts = _Verdicts(policy)
    document_use = _evaluate_document(document, sections, verdicts)
    uses: dict[int, BudgetUse] = {}
    common = None if section_limit is None else verdicts.resolve(section_limit, document.range)
    for place in _held_to_a_limit(sections, common, own_limits):
        section = sections[place]
        if section.tokens is None:
            continue
        own = own_limits.get(place)
        limit = common if own is None else verdicts.resolve(own, section.head_range)
        if limit is None:
            continue
        use = use_of(_sent(section.tokens, policy), limit.limit)
        uses[place] = use
        level = _level(use, limit)
        if level is not None:
            verdicts.findings.append(
                messages.over_or_near(
                    f"budget/section-{level}",
                    f"“{messages.short(section.title)}”",
                    use,
                    section.head_range,
                    estimated=policy.ratio is not None,
                )
            )
    return Evaluation(document_use, uses, tuple(verdicts.findings))


def judge_reference(
    name: str, tokens: int, limit: BudgetLimit, range_: Range, policy: BudgetPolicy
) -> Finding | None:
    """Compare what a reference brings in with its budget; None while it is well within."""
    verdicts = _Verdicts(policy)
    found = verdicts.resolve(limit, range_)
    if found is None:
        return verdicts.findings[0]
    use = use_of(_sent(tokens, policy), found.limit)
    level = _level(use, found)
    if level is None:
        return None
    return messages.over_or_near(
        f"budget/reference-{level}",
        f"“{messages.short(name)}”",
        use,
        range_,
        estimated=policy.ratio is not None,
    )


def budget_use(
    tokens: int | None, limit: BudgetLimit | None, policy: BudgetPolicy
) -> BudgetUse | None:
    """Compare one figure with its limit, for a hint or a hover; None while either is missing."""
    if tokens is None or limit is None:
        return None
    allowed = limit_tokens(limit, policy.window, policy.reserve)
    return use_of(_sent(tokens, policy), allowed) if allowed else None


def _evaluate_document(
    document: DocumentFigures, sections: Sequence[SectionFigures], verdicts: _Verdicts
) -> BudgetUse | None:
    if document.limit is None:
        return None
    limit = verdicts.resolve(document.limit, document.range)
    if limit is None or document.tokens is None:
        return None
    policy = verdicts.policy
    use = use_of(_sent(document.tokens, policy), limit.limit)
    level = _level(use, limit)
    if level is not None:
        verdicts.findings.append(
            messages.over_or_near(
                f"budget/document-{level}",
                "The document",
                use,
                document.range,
                estimated=policy.ratio is not None,
                related=_largest(sections, use.used, policy),
            )
        )
    return use


def _held_to_a_limit(
    sections: Sequence[SectionFigures],
    common: Threshold | None,
    own_limits: Mapping[int, BudgetLimit],
) -> Iterable[int]:
    if common is not None:
        return range(len(sections))
    return sorted(place for place in own_limits if 0 <= place < len(sections))


def _largest(
    sections: Sequence[SectionFigures], whole: int, policy: BudgetPolicy
) -> tuple[Related, ...]:
    named = heapq.nlargest(
        _NAMED_SECTIONS,
        (section for section in sections if section.own_tokens),
        key=lambda section: section.own_tokens or 0,
    )
    return messages.largest(
        (
            (section.title, section.head_range, _sent(section.own_tokens or 0, policy))
            for section in named
        ),
        whole,
        estimated=policy.ratio is not None,
    )


def _level(use: BudgetUse, limit: Threshold) -> str | None:
    if use.used >= limit.limit:
        return "exceeded"
    return "near" if use.used >= limit.warning else None


def _sent(tokens: int, policy: BudgetPolicy) -> int:
    return tokens if policy.ratio is None else policy.ratio.expected(tokens)
