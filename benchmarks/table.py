"""Rows of figures against goals, as a table for people and as JSON for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["faster", "ratio", "megabytes", "requests"]
"""`faster`: at least `limit` times; `ratio` (ours to theirs), `megabytes`, `requests`: at most."""

_UNITS: dict[Kind, str] = {"faster": "s", "ratio": "s", "megabytes": "MB", "requests": "requests"}


@dataclass(frozen=True, slots=True)
class Goal:
    """What a row must reach."""

    kind: Kind
    limit: float

    def __str__(self) -> str:
        """Write it as the issue does."""
        match self.kind:
            case "faster":
                return f"≥ {self.limit:,.0f}x faster"
            case "ratio":
                return f"≤ {self.limit:.1f}"
            case "megabytes":
                return f"≤ {self.limit:.0f} MB"
            case "requests":
                return f"≤ {self.limit:.0f}"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside its alternative's; seconds, or what the goal is given in."""

    what: str
    ours: float
    alternative: float | None
    alternative_name: str
    goal: Goal
    ours_p99: float | None = None
    alternative_p99: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Give theirs to ours where the goal is to be faster, else ours to theirs."""
        if self.alternative is None:
            return None
        if self.goal.kind == "faster":
            return self.alternative / self.ours
        return self.ours / self.alternative

    @property
    def reached(self) -> bool:
        """Whether the goal is reached."""
        if self.goal.kind in ("megabytes", "requests"):
            return self.ours <= self.goal.limit
        ratio = self.ratio
        if ratio is None:
            return False
        return ratio >= self.goal.limit if self.goal.kind == "faster" else ratio <= self.goal.limit

    def to_json(self) -> dict[str, Any]:
        """Everything that the table shows, with plain numbers."""
        return {
            "what": self.what,
            "ours": self.ours,
            "oursP99": self.ours_p99,
            "alternative": self.alternative,
            "alternativeP99": self.alternative_p99,
            "alternativeName": self.alternative_name,
            "unit": _UNITS[self.goal.kind],
            "ratio": self.ratio,
            "goal": {"kind": self.goal.kind, "limit": self.goal.limit},
            "reached": self.reached,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A group of rows that could not be measured, and why."""

    group: str
    reason: str


HEAD = ("what", "ours (p99)", "alternative (p99)", "against", "ratio", "goal", "reached")


def render(rows: Sequence[Row]) -> str:
    """Align rows into a plain-text table, notes below it."""
    cells = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    lines = ["  ".join(_aligned(line, widths)).rstrip() for line in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    notes = [f"* {row.what}: {row.note}" for row in rows if row.note]
    return "\n".join(lines + notes)


def _cells(row: Row) -> tuple[str, ...]:
    kind = row.goal.kind
    ratio = row.ratio
    shown = "-" if ratio is None else f"{ratio:,.0f}x" if kind == "faster" else f"{ratio:.2f}"
    return (
        row.what,
        _figure(row.ours, row.ours_p99, kind),
        "-" if row.alternative is None else _figure(row.alternative, row.alternative_p99, kind),
        row.alternative_name,
        shown,
        str(row.goal),
        "yes" if row.reached else "NO",
    )


def _figure(value: float, p99: float | None, kind: Kind) -> str:
    if kind == "megabytes":
        return f"{value:.0f} MB"
    if kind == "requests":
        return f"{value:.0f}"
    shown = _milliseconds(value)
    return shown if p99 is None else f"{shown} ({_milliseconds(p99)})"


def _milliseconds(seconds: float) -> str:
    value = seconds * 1000
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.3g} ms"


def _aligned(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Text to the left, figures to the right."""
    figures = {1, 2, 4}
    return [
        cell.rjust(width) if column in figures else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]
