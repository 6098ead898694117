"""The findings about budgets and models, in words."""

from __future__ import annotations

from collections.abc import Iterable

from promptls.budgets.profile import UnknownModel
from promptls.budgets.thresholds import BudgetUse
from promptls.findings import CATALOGUE, Finding, Range, Related

_LONGEST_TITLE = 60


def over_or_near(
    code: str,
    subject: str,
    use: BudgetUse,
    range_: Range,
    *,
    estimated: bool,
    related: tuple[Related, ...] = (),
) -> Finding:
    """Tell of a budget that is reached (`…-exceeded`) or nearly so (`…-near`).

    `subject` begins the message: `The document`, or a section's title in quotes.
    """
    figures = (
        f"{subject}: {figure(use.used, estimated=estimated)} of {use.limit:,} tokens "
        f"({percent(use.used, use.limit)} %)"
    )
    if use.used >= use.limit:
        # What is used must fall below the limit: the limit itself is the error's first figure.
        message = f"{figures}: cut {use.used - use.limit + 1:,} or raise the budget"
    else:
        message = f"{figures}: {use.limit - use.used:,} left"
    return _finding(code, message, range_, related)


def no_window(model: str | None, range_: Range) -> Finding:
    """Tell of a share of a window that is not known."""
    cause = f"the window of {short(model)!r} is not known" if model else "no model is named"
    return _finding(
        "budget/no-window",
        f"The budget is a share of the model's input window, but {cause}: name a model whose "
        "window is known, or give the budget in tokens",
        range_,
    )


def no_room(reserved: int, window: int, range_: Range) -> Finding:
    """Tell of a reserve for the output that leaves nothing of the window."""
    return _finding(
        "budget/no-room",
        f"{reserved:,} tokens are reserved for the output, which leaves nothing of the window of "
        f"{window:,}: reserve less",
        range_,
    )


def unknown_model(unknown: UnknownModel, range_: Range) -> Finding:
    """Tell of a model name that no provider knows, with the names that look like it."""
    names = [f"{name!r}" for name in unknown.nearest]
    hint = f"did you mean {_alternatives(names)}?" if names else "see `promptls models`"
    return _finding(
        "budget/unknown-model",
        f"No model {short(unknown.name)!r} is known, so neither its window nor its price: {hint}",
        range_,
    )


def largest(
    sections: Iterable[tuple[str, Range, int]], whole: int, *, estimated: bool
) -> tuple[Related, ...]:
    """Where a document's tokens are: title, place and tokens of sections, of `whole` tokens."""
    return tuple(
        Related(
            place,
            f"{short(title)}: {figure(tokens, estimated=estimated)} tokens, "
            f"{percent(tokens, whole)} %",
        )
        for title, place, tokens in sections
    )


def figure(tokens: int, *, estimated: bool) -> str:
    """`1,234`, or `≈1,234` for an estimate."""
    return f"≈{tokens:,}" if estimated else f"{tokens:,}"


def percent(part: int, whole: int) -> int:
    """Round down, so that 100 means all of it."""
    return part * 100 // whole


def short(text: str) -> str:
    """Put a title or name on one line, cut where it is very long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_TITLE else line[: _LONGEST_TITLE - 1] + "…"


def _alternatives(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _finding(code: str, message: str, range_: Range, related: tuple[Related, ...] = ()) -> Finding:
    return Finding(code, CATALOGUE[code].severity, range_, message, related=related)
