"""Values that say where something is and what is worth telling about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Severity = Literal["error", "warning", "information", "hint"]

SEVERITY_RANK: dict[Severity, int] = {"error": 0, "warning": 1, "information": 2, "hint": 3}


class Position(NamedTuple):
    """A place between two characters; both figures count from 0."""

    line: int
    character: int


class Range(NamedTuple):
    """Everything from `start` up to, not including, `end`."""

    start: Position
    end: Position

    @classmethod
    def of(cls, start_line: int, start: int, end_line: int, end: int) -> Range:
        """Make a range from four plain figures."""
        return cls(Position(start_line, start), Position(end_line, end))

    def to_json(self) -> dict[str, Any]:
        """The shape that LSP and the report use."""
        return {"start": self.start._asdict(), "end": self.end._asdict()}


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that explains a finding."""

    range: Range
    message: str
    uri: str | None = None
    """None: the finding's own document."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that removes a finding: `new_text` in place of `range`."""

    title: str
    range: Range
    new_text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth telling, with its way out in the message."""

    code: str
    severity: Severity
    range: Range
    message: str
    uri: str | None = None
    """None: the document that the report is about."""
    related: tuple[Related, ...] = ()
    fixes: tuple[Fix, ...] = ()
