"""An open document, and what the server has said about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

WAITING = "⋯"
"""The hint of a reference that is being looked up."""


@dataclass
class Document:
    """One document as the editor holds it."""

    name: str
    """Its path below the workspace folder."""
    path: Path
    text: str
    version: int = 1
    hints: list[dict[str, Any]] = field(default_factory=list)
    diagnostics: list[dict[str, Any]] | None = None
    """None until the server has published some, or none, for this version."""

    @property
    def uri(self) -> str:
        """Name the document as the protocol does."""
        return self.path.as_uri()

    @property
    def lines(self) -> list[str]:
        """Its lines, without their ends."""
        return self.text.splitlines()

    @property
    def end(self) -> dict[str, int]:
        """A position behind everything."""
        return {"line": self.text.count("\n") + 1, "character": 0}

    def line_of(self, text: str) -> int:
        """The number of the first line that holds `text`, counted from 0."""
        return next(number for number, line in enumerate(self.lines) if text in line)

    def labels(self, line: int) -> list[str]:
        """The hints on a line."""
        return [label(hint) for hint in self.hints if hint["position"]["line"] == line]

    def codes(self, line: int) -> list[str]:
        """The codes of the diagnostics that begin on a line."""
        return [
            str(each.get("code"))
            for each in self.diagnostics or []
            if each["range"]["start"]["line"] == line
        ]

    def is_counted(self) -> bool:
        """Whether there are hints, and every one of sections is a figure."""
        return bool(self.hints) and not any("counting" in label(hint) for hint in self.hints)

    def is_waiting(self) -> bool:
        """Whether a reference is being looked up."""
        return any(WAITING in label(hint) for hint in self.hints)


def label(hint: Mapping[str, Any]) -> str:
    """Give a hint's label as one string."""
    value = hint["label"]
    return value if isinstance(value, str) else "".join(part["value"] for part in value)
