"""Figures as a reader sees them in hints, lenses and symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptls.budgets import BudgetPolicy

if TYPE_CHECKING:
    from promptls.lsp.open_document import OpenDocument
    from promptls.references.resolution import Resolution


def approximate(tokens: int, policy: BudgetPolicy) -> str:
    """A figure as the model counts it: `1,234`, or `≈1,480` where that is an estimate."""
    if policy.ratio is None:
        return f"{tokens:,}"
    return f"≈{policy.ratio.expected(tokens):,}"


def section_label(tokens: int, expanded: int, policy: BudgetPolicy) -> str:
    """`1,234 tok`, or `1,234 tok → 1,210` where what is sent differs."""
    label = f"{approximate(tokens, policy)} tok"
    if expanded != tokens:
        sent = expanded if policy.ratio is None else policy.ratio.expected(expanded)
        label += f" → {sent:,}"
    return label


def budget_label(tokens: int, limit: int, policy: BudgetPolicy) -> str:
    """What is added where a budget applies: ` · 60 % of 2,000`."""
    used = tokens if policy.ratio is None else policy.ratio.expected(tokens)
    return f" · {100 * used // limit} % of {limit:,}"


def reference_label(resolution: Resolution, policy: BudgetPolicy, now: float) -> str:
    """`1,204 tok`, `1,204 tok · stale 3 h`, `⋯`, `not found`, `blocked`, and so on."""
    if resolution.status == "pending":
        return "⋯"
    if resolution.status == "deferred":
        return "at run time"
    if resolution.status == "blocked":
        return "blocked"
    if resolution.status == "failed" or resolution.tokens is None:
        return "not found" if resolution.not_found else "failed"
    if resolution.expanded is None:
        return f"{approximate(resolution.tokens, policy)} tok, already in"
    expanded = (
        resolution.tokens if resolution.expanded_tokens is None else resolution.expanded_tokens
    )
    label = section_label(resolution.tokens, expanded, policy)
    if resolution.status == "stale":
        label += " · stale"
        if resolution.fetched_at is not None:
            label += f" {age(now - resolution.fetched_at)}"
    return label


def age(seconds: float) -> str:
    """`40 s`, `5 min`, `3 h`, `2 d`."""
    for limit, size, unit in ((60, 1, "s"), (3600, 60, "min"), (86_400, 3600, "h")):
        if seconds < limit:
            return f"{max(int(seconds // size), 0)} {unit}"
    return f"{int(seconds // 86_400)} d"


def percent(used: int, whole: int) -> str:
    """`3.4 %`, `34 %`."""
    share = 100 * used / whole
    return f"{share:.1f} %" if share < 10 else f"{share:.0f} %"


def waiting_label(document: OpenDocument) -> str:
    """What stands in the place of a figure that is not known."""
    return "not counted" if document.cancelled or document.problem else "counting…"


def waiting_reason(document: OpenDocument) -> str:
    """Why a figure is not known, as a sentence."""
    if document.problem:
        return document.problem
    if document.cancelled:
        return "Its count was cancelled; edit the document to count it."
    return "Its tokens are being counted in the background."
