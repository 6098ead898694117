"""A copy of the examples to work in, with settings and a cache of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.demo.document import Document
from scripts.demo.failure import DemoError

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PUBLISHED = "https://status.ferrywell.example"
"""Where the examples' settings say that the API is."""
SETTLED = 2.1
"""Seconds until a file's state tells for sure that it has not changed: promptls reads a younger one
again, for it may have been written twice within one tick of its clock (docs/architecture.md)."""


@dataclass(frozen=True)
class Workspace:
    """A folder with the examples, and the environment that the servers get."""

    folder: Path
    environment: dict[str, str]

    @classmethod
    def copy(cls, parent: Path, host: str) -> Workspace:
        """Copy the examples into a folder below `parent`; the API is asked at `host`."""
        folder = parent / "ferrywell"
        shutil.copytree(EXAMPLES, folder)
        settings = folder / "promptls.toml"
        text = settings.read_text("utf-8")
        if PUBLISHED not in text:
            raise DemoError(f"the examples' settings do not name {PUBLISHED}")
        settings.write_text(text.replace(PUBLISHED, f"http://{host}"), "utf-8")
        own = {"XDG_CACHE_HOME": parent / "cache", "XDG_CONFIG_HOME": parent / "config"}
        return cls(folder, {**os.environ, **{name: str(path) for name, path in own.items()}})

    def settle(self) -> None:
        """Wait until the files are old enough to be known by their state."""
        newest = max(path.stat().st_ctime for path in self.folder.rglob("*"))
        time.sleep(max(newest + SETTLED - time.time(), 0))

    def document(self, name: str) -> Document:
        """Read a document."""
        path = self.folder / name
        return Document(name, path, path.read_text("utf-8"))

    def cache_figures(self) -> dict[str, Any]:
        """What `promptls cache stats` says of the cache."""
        command = [sys.executable, "-m", "promptls", "cache", "stats", "--format", "json"]
        ended = subprocess.run(
            command, env=self.environment, capture_output=True, encoding="utf-8", check=False
        )
        if ended.returncode != 0:
            raise DemoError(f"promptls cache stats: {ended.stderr.strip()}")
        figures: dict[str, Any] = json.loads(ended.stdout)
        return figures
