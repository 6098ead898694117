"""Where files lie: the folder that settings count from, and how output calls a file."""

from __future__ import annotations

import os
from pathlib import Path

from promptls.settings.settings_file import PROMPTLS_TOML

_MARKERS = (PROMPTLS_TOML, ".git")


class Roots:
    """Finds the root of each file: the nearest folder above it with `promptls.toml` or `.git`."""

    def __init__(self, given: Path | None = None) -> None:
        self._given = given
        self._found: dict[Path, Path | None] = {}

    def of_folder(self, folder: Path) -> Path | None:
        """Give the root for the files of an absolute folder.

        None where nothing marks one: then settings come from the folder itself, and the dialect
        is told from the whole path.
        """
        if self._given is not None:
            return self._given
        passed: list[Path] = []
        root: Path | None = None
        for above in (folder, *folder.parents):
            if above in self._found:
                root = self._found[above]
                break
            passed.append(above)
            if any(os.path.lexists(above / name) for name in _MARKERS):
                root = above
                break
        self._found.update(dict.fromkeys(passed, root))
        return root


def shown_path(path: Path, current: Path) -> str:
    """Name an absolute path in output: relative where it lies below `current`, with `/`."""
    if not path.is_relative_to(current):
        return path.as_posix()
    name = path.relative_to(current).as_posix()
    # A line that begins with `::` is a command to GitHub's runner; `-` is standard input.
    return f"./{name}" if name == "-" or name.lstrip().startswith("::") else name
