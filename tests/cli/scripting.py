"""Runs the script in tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
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


class BytesOutcome(NamedTuple):
    code: int
    out: bytes
    err: str


def run_process(*arguments: str, **variables: str) -> BytesOutcome:
    """Runs the real script in the current folder; what it prints is not decoded."""
    done = subprocess.run(
        (sys.executable, "-m", "promptls", *arguments),
        capture_output=True,
        env={**os.environ, **variables},
        timeout=120,
        check=False,
    )
    return BytesOutcome(done.returncode, done.stdout, done.stderr.decode())


def write_user_settings(text: str) -> None:
    """Writes the user's own settings file, as the fixture `run` has it found."""
    write(str(Path(os.environ["XDG_CONFIG_HOME"]) / "promptls" / "promptls.toml"), text)


def write(name: str, content: str | bytes = "Hello world\n") -> Path:
    """Writes a file below the current folder."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
