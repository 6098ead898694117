"""Sees that files have changed by looking at them, where a client cannot watch them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from promptls.references.files.stamps import Stamp


class PollingWatcher:
    """Looks at a set of files (about 2 µs for each) whenever it is asked."""

    def __init__(self, paths: Iterable[Path] = ()) -> None:
        self._stamps: dict[Path, Stamp | None] = {}
        self.watch(paths)

    def watch(self, paths: Iterable[Path]) -> None:
        """Look at these files from now on, and no others."""
        known = self._stamps
        self._stamps = {path: known[path] if path in known else _stamp(path) for path in paths}

    def changed(self) -> set[Path]:
        """The files that were changed, made or removed since they were looked at before."""
        changed = set()
        for path, before in self._stamps.items():
            now = _stamp(path)
            if now != before:
                changed.add(path)
                self._stamps[path] = now
        return changed


def _stamp(path: Path) -> Stamp | None:
    try:
        return Stamp.of(os.stat(path))  # noqa: PTH116 - half the time of Path.stat
    except (OSError, ValueError):
        return None
