"""What became of a reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from promptls.references.model import Level, Notice
from promptls.tokens.measure import Measure

Status = Literal["pending", "resolved", "stale", "deferred", "failed", "blocked"]


@dataclass(frozen=True, slots=True)
class Trace:
    """Where something stands that explains a notice: a line of an imported file."""

    name: str
    uri: str | None
    line: int
    start: int
    """First column in characters."""
    end: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """The state of one reference. Figures are None unless it is resolved or stale."""

    status: Status
    not_found: bool = False
    """A failure: there is nothing of that name."""
    tokens: int | None = None
    """Of the content as it stands."""
    expanded_tokens: int | None = None
    """Of the content with its own references replaced."""
    size: int | None = None
    """Bytes of the content as it stands, in UTF-8."""
    expanded: Measure | None = None
    keys: tuple[str, ...] = ()
    """The contents that it brings in; more than one for a glob or folder."""
    names: tuple[str, ...] = ()
    uri: str | None = None
    """Of the first content, where it has one."""
    hash: str | None = None
    fetched_at: float | None = None
    level: Level | None = None
    retry_at: float | None = None
    secret: bool = False
    notices: tuple[tuple[Notice, tuple[Trace, ...]], ...] = ()
    """What is worth telling, the reason of a failure first, each with where it comes from."""

    @property
    def has_content(self) -> bool:
        """Whether something is rendered in its place."""
        return self.expanded is not None


PENDING = Resolution("pending")
