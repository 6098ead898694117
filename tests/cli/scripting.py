"""Runs the script in tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple, Protocol


class Outcome(NamedTuple):
    code: int
    out: str
    err: str

    def json(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.out)
        return parsed


class Run(Protocol):
    def __call__(self, *arguments: str) -> Outcome: ...


def write(name: str, content: str | bytes = "Hello world\n") -> Path:
    """Writes a file below the current folder."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
