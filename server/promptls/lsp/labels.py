"""Figures as a reader sees them in hints, lenses and symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptls.budgets import BudgetPolicy

if TYPE_CHECKING:
    from promptls.lsp.open_document import OpenDocument


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
