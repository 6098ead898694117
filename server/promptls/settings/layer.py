"""One level of settings, as it is written and as it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from promptls.findings import CATALOGUE, Finding, Position, Range
from promptls.settings.declaration import Spelling
from promptls.settings.fetching import TtlRule
from promptls.settings.file_rule import FileRule

KeyPath = tuple[str | int, ...]
"""Keys as they are written, from the outermost table in, with the indices of lists."""

NOWHERE = Range(Position(0, 0), Position(0, 0))


@dataclass(frozen=True, slots=True)
class Layer:
    """The raw values of one level: a directive, front matter, a file, the client.

    Keys may be in camelCase or kebab-case, nested or dotted; a value None is as good as none.
    """

    origin: str
    """Where the values come from, in words for a reader."""
    values: object
    """A mapping; anything else is a problem."""
    ranges: Mapping[KeyPath, Range] = field(default_factory=dict)
    """Places in the document, by key path as in `values`, such as `("budget", "document")`."""
    spelling: Spelling = "kebab"
    """How messages write names."""
    folder: Path | None = None
    """What the globs of `files` are relative to, absolute. None: they match nothing."""

    def range(self, path: KeyPath) -> Range:
        """Find the place of a key, else of one above it, else the document's start."""
        lengths = range(len(path), 0, -1)
        return next((self.ranges[path[:n]] for n in lengths if path[:n] in self.ranges), NOWHERE)


class Problem(NamedTuple):
    """Something wrong at a key; its place is known to whoever read the text."""

    code: str
    path: KeyPath
    message: str

    def finding(self, place: Range) -> Finding:
        """Make the problem a finding at its place."""
        return Finding(self.code, CATALOGUE[self.code].severity, place, self.message)


@dataclass(frozen=True, slots=True)
class Level:
    """A layer that has been read: only what is right, typed."""

    origin: str
    values: Mapping[str, object] = field(default_factory=dict)
    """By dotted camelCase name."""
    rules: tuple[FileRule, ...] = ()
    ttl_rules: tuple[TtlRule, ...] = ()
    problems: tuple[Problem, ...] = ()


class Content(NamedTuple):
    """What a settings file says."""

    level: Level | None
    """None where it holds no settings for us: no such table, not TOML, not readable."""
    findings: tuple[Finding, ...] = ()
