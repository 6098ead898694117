"""The document's references in its report, and what is worth telling about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptls.budgets import BudgetPolicy, judge_reference
from promptls.findings import CATALOGUE, Finding, Fix, Range, Related
from promptls.prompts.references import Placement, Reference, write_target
from promptls.references.model import Notice
from promptls.references.resolution import Resolution, Status, Trace
from promptls.settings import BudgetLimit
from promptls.text import PositionEncoding
from promptls.text.units import count_units

if TYPE_CHECKING:
    from promptls.report.document import Placed

_COUNTED_TWICE_MIN = 1
"""Tokens from which on the same content twice is worth telling."""


@dataclass(frozen=True, slots=True)
class ReferenceReport:
    """One reference of the document, with what became of it."""

    kind: str
    target: str
    range: Range
    placement: Placement
    status: Status
    resolved_uri: str | None
    hash: str | None
    fetched_at: float | None
    tokens: int | None
    expanded_tokens: int | None
    code: str | None
    message: str | None


@dataclass(frozen=True, slots=True)
class Located:
    """A reference with its resolution and its range in the document's code units."""

    reference: Reference
    resolution: Resolution
    range: Range
    line_text: str


def is_shown(reference: Reference, resolution: Resolution) -> bool:
    """Whether it is a reference at all: a candidate that names nothing is none."""
    if reference.certain or resolution.has_content or resolution.status == "blocked":
        return True
    if reference.loaded_by or reference.trailing:
        return resolution.status == "resolved"
    return resolution.status != "pending" and not resolution.not_found


def reference_limit(reference: Reference, budget: BudgetLimit | None) -> BudgetLimit | None:
    """The budget of a reference: its own (`?max=`), else that of the settings, if any."""
    own = reference.options.max
    return budget if own is None else BudgetLimit(tokens=own)


def locate(places: Iterable[tuple[Placed, str]], encoding: PositionEncoding) -> Iterator[Located]:
    """Put references in their ranges; each place comes with the text of its line."""
    for place, text in places:
        for reference, resolution in place.pairs():
            if is_shown(reference, resolution):
                yield Located(
                    reference, resolution, span(place.line, reference, text, encoding), text
                )


def span(line: int, reference: Reference, text: str, encoding: PositionEncoding) -> Range:
    """The range of a reference in code units."""
    return columns(line, reference.start, reference.end, text, encoding)


def columns(line: int, start: int, end: int, text: str, encoding: PositionEncoding) -> Range:
    """A range within a line, from columns in characters to code units."""
    if text.isascii():
        return Range.of(line, start, line, end)
    first = count_units(text[:start], encoding)
    return Range.of(line, first, line, first + count_units(text[start:end], encoding))


def to_report(one: Located) -> ReferenceReport:
    """A reference as the report holds it."""
    resolution = one.resolution
    reason = None
    if resolution.notices and (resolution.status in ("failed", "blocked", "stale")):
        reason = resolution.notices[0][0]
    return ReferenceReport(
        kind=one.reference.kind,
        target=one.reference.target,
        range=one.range,
        placement=one.reference.placement,
        status=resolution.status,
        resolved_uri=resolution.uri,
        hash=resolution.hash,
        fetched_at=resolution.fetched_at,
        tokens=resolution.tokens,
        expanded_tokens=resolution.expanded_tokens,
        code=reason.code if reason else None,
        message=reason.message if reason else None,
    )


def findings_of(
    located: Iterable[Located],
    policy: BudgetPolicy,
    budget: BudgetLimit | None,
    encoding: PositionEncoding,
) -> Iterator[Finding]:
    """Everything that is worth telling about the references of a document."""
    seen: dict[str, Located] = {}
    for one in located:
        reference, resolution = one.reference, one.resolution
        if reference.loaded_by:
            if resolution.status == "resolved":
                yield _not_loaded(one)
            continue
        if reference.trailing and reference.problem is None:
            if resolution.status == "resolved":
                yield _broken(one, encoding)
            continue
        quiet = resolution.not_found and (not reference.certain or reference.options.optional)
        if not quiet:
            for notice, traces in resolution.notices:
                yield _finding(one, notice, traces, encoding)
        if resolution.expanded_tokens is None or not resolution.has_content:
            continue
        limit = reference_limit(reference, budget)
        if limit is not None:
            found = judge_reference(
                reference.text, resolution.expanded_tokens, limit, one.range, policy
            )
            if found is not None:
                yield found
        if reference.kind == "var" or resolution.hash is None or len(resolution.keys) > 1:
            continue  # the hash is that of the first file alone
        first = seen.setdefault(resolution.hash, one)
        if first is not one and resolution.expanded_tokens >= _COUNTED_TWICE_MIN:
            yield _twice(one, first)


def _finding(
    one: Located, notice: Notice, traces: tuple[Trace, ...], encoding: PositionEncoding
) -> Finding:
    reference = one.reference
    line = one.range.start.line
    target = columns(line, reference.target_start, reference.target_end, one.line_text, encoding)
    fixes = [
        Fix(f"Change to “{replacement}”", target, write_target(reference, replacement))
        for replacement in notice.replacements
    ]
    if notice.code == "reference/trailing-punctuation" and reference.trailing:
        behind = columns(line, reference.target_end, reference.target_end, one.line_text, encoding)
        fixes.append(Fix(f"Put a space before “{reference.trailing}”", behind, " "))
    related = tuple(
        Related(
            Range.of(trace.line, trace.start, trace.line, trace.end),
            f"imported by {trace.name} here",
            trace.uri,
        )
        for trace in traces
        if trace.uri is not None
    )
    severity = CATALOGUE[notice.code].severity if notice.code in CATALOGUE else "warning"
    return Finding(
        notice.code, severity, one.range, notice.message, related=related, fixes=tuple(fixes)
    )


def _broken(one: Located, encoding: PositionEncoding) -> Finding:
    """A candidate that would be an import, were it not for what stands behind it."""
    reference = one.reference
    notice = Notice(
        "reference/trailing-punctuation",
        f"The “{reference.trailing}” behind it keeps this from being imported; put a space before "
        "it, or take it away.",
    )
    return _finding(one, notice, (), encoding)


def _not_loaded(one: Located) -> Finding:
    code = "reference/not-loaded"
    return Finding(
        code,
        CATALOGUE[code].severity,
        one.range,
        f"{one.reference.loaded_by} loads this, the tool that this file is for does not: it costs "
        "nothing, and its content does not reach the model",
    )


def _twice(one: Located, first: Located) -> Finding:
    code = "reference/duplicate-content"
    tokens = one.resolution.expanded_tokens or 0
    return Finding(
        code,
        CATALOGUE[code].severity,
        one.range,
        f"This brings in the same content as line {first.range.start.line + 1}: another "
        f"{tokens:,} tokens for nothing new",
        related=(Related(first.range, "brought in here first"),),
    )
