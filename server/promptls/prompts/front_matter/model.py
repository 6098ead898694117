"""What front matter says to promptls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from promptls.findings import Finding, Range


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """One front matter block. All columns are in code points."""

    end_line: int
    """The line of the closing `---`."""
    settings: Mapping[str, object] = field(default_factory=dict)
    """Settings in the shape of a layer: `model` (raw: a name, a mapping or a list), `encoding`,
    `budget` (a mapping with the client's names: `document`, `section`, `warnAt`,
    `reserveOutput`) and `ignore` (a list of codes). Only values that are understood."""
    key_ranges: Mapping[tuple[str, ...], Range] = field(default_factory=dict)
    """Where the keys stand, by their path in `settings`, such as `("budget", "document")`; with
    `("dialect",)`. What a layer of settings takes as its `ranges`."""
    dialect: str | None = None
    findings: tuple[Finding, ...] = ()
    samples: Mapping[str, str] = field(default_factory=dict)
    """The values of variables that it gives, by their names."""
