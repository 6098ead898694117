"""Figures about the cache, for readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from promptls.cache.problems import Problem


@dataclass(frozen=True, slots=True)
class Traffic:
    """How often records were asked for and put."""

    memory_hits: int = 0
    database_hits: int = 0
    misses: int = 0
    writes: int = 0
    """Records that were written into the database."""

    def __add__(self, other: Traffic) -> Traffic:
        return Traffic(
            self.memory_hits + other.memory_hits,
            self.database_hits + other.database_hits,
            self.misses + other.misses,
            self.writes + other.writes,
        )

    def __sub__(self, other: Traffic) -> Traffic:
        return Traffic(
            self.memory_hits - other.memory_hits,
            self.database_hits - other.database_hits,
            self.misses - other.misses,
            self.writes - other.writes,
        )


@dataclass(frozen=True, slots=True)
class CacheStats:
    """The state of a cache."""

    location: str
    """The path or URL of the database, without a password; `memory` when there is none."""
    own: Traffic
    """Of this process."""
    total: Traffic | None
    """Of all processes since the database was begun or cleared; None without a database."""
    rows: Mapping[str, int]
    """By table; empty without a database."""
    size: int | None
    """Bytes of the database; None without one."""
    problems: tuple[Problem, ...]
    """What was told so far, the oldest first."""
