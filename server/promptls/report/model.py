"""The report and its JSON form; the shape is a contract (docs/architecture.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from promptls.budgets.thresholds import BudgetUse
from promptls.findings import Finding, Range
from promptls.report.references import ReferenceReport

Accuracy = Literal["exact", "calibrated", "estimate"]
SectionKind = Literal["frontMatter", "preamble", "heading", "tag", "role"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """Tokens for a model whose tokenizer is not public."""

    low: int
    likely: int
    high: int
    source: str
    """Where the ratio comes from, in words for a reader."""


@dataclass(frozen=True, slots=True)
class Framing:
    """Tokens that a provider adds around chat messages."""

    tokens: int
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class SectionReport:
    """One section. Token figures are None while the first count runs."""

    id: str
    title: str
    kind: SectionKind
    level: int
    range: Range
    head_range: Range
    sent: bool
    tokens: int | None
    """With subsections."""
    own_tokens: int | None
    """Without subsections."""
    expanded_tokens: int | None
    """With subsections, as rendered."""
    budget: BudgetUse | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything known about one version of one document."""

    key: str
    """URI in the protocol, path in the command line."""
    version: int | None
    revision: int
    dialect: str
    model: str | None
    encoding: str
    accuracy: Accuracy
    tokens: int | None
    expanded_tokens: int | None
    pending: int
    estimate: Estimate | None = None
    framing: Framing | None = None
    budget: BudgetUse | None = None
    sections: tuple[SectionReport, ...] = ()
    references: tuple[ReferenceReport, ...] = ()
    findings: tuple[Finding, ...] = ()


def to_json(report: Report, *, key: Literal["uri", "path"] = "uri") -> dict[str, Any]:
    """The report as the contract's JSON object; with `key="path"` the version is left out."""
    head: dict[str, Any] = {key: report.key}
    if key == "uri":
        head["version"] = report.version
    figures = figures_to_json(report)
    budget = figures.pop("budget")
    return (
        head
        | figures
        | {
            "framing": _framing(report.framing),
            "budget": budget,
            "sections": [_section(section) for section in report.sections],
            "references": [_reference(reference) for reference in report.references],
            "findings": [finding_to_json(finding, report.key) for finding in report.findings],
        }
    )


def figures_to_json(report: Report) -> dict[str, Any]:
    """What a summary and a report have in common, without the name of the document."""
    return {
        "revision": report.revision,
        "dialect": report.dialect,
        "model": report.model,
        "encoding": report.encoding,
        "accuracy": report.accuracy,
        "tokens": report.tokens,
        "expandedTokens": report.expanded_tokens,
        "pending": report.pending,
        "estimate": _estimate(report.estimate),
        "budget": _budget(report.budget),
    }


def finding_to_json(finding: Finding, key: str) -> dict[str, Any]:
    """One finding as JSON; `key` is the URI or path of the document that it is in."""
    uri = finding.uri or key
    return {
        "code": finding.code,
        "severity": finding.severity,
        "uri": uri,
        "range": finding.range.to_json(),
        "message": finding.message,
        "related": [
            {"uri": item.uri or uri, "range": item.range.to_json(), "message": item.message}
            for item in finding.related
        ],
        "fixes": [
            {"title": fix.title, "range": fix.range.to_json(), "newText": fix.new_text}
            for fix in finding.fixes
        ],
    }


def _section(section: SectionReport) -> dict[str, Any]:
    return {
        "id": section.id,
        "title": section.title,
        "kind": section.kind,
        "level": section.level,
        "range": section.range.to_json(),
        "headRange": section.head_range.to_json(),
        "sent": section.sent,
        "tokens": section.tokens,
        "ownTokens": section.own_tokens,
        "expandedTokens": section.expanded_tokens,
        "budget": _budget(section.budget),
    }


def _reference(reference: ReferenceReport) -> dict[str, Any]:
    return {
        "kind": reference.kind,
        "target": reference.target,
        "range": reference.range.to_json(),
        "placement": reference.placement,
        "status": reference.status,
        "resolvedUri": reference.resolved_uri,
        "hash": reference.hash,
        "fetchedAt": reference.fetched_at,
        "tokens": reference.tokens,
        "expandedTokens": reference.expanded_tokens,
        "code": reference.code,
        "message": reference.message,
    }


def _estimate(estimate: Estimate | None) -> dict[str, Any] | None:
    if estimate is None:
        return None
    return {
        "low": estimate.low,
        "likely": estimate.likely,
        "high": estimate.high,
        "source": estimate.source,
    }


def _framing(framing: Framing | None) -> dict[str, Any] | None:
    if framing is None:
        return None
    return {"tokens": framing.tokens, "accuracy": framing.accuracy}


def _budget(budget: BudgetUse | None) -> dict[str, Any] | None:
    if budget is None:
        return None
    return {"limit": budget.limit, "used": budget.used, "share": round(budget.share, 4)}
