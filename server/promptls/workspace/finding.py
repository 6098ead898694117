"""Finds documents on disk in small steps, for work that must not take long at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from promptls.references.files.uris import file_key
from promptls.workspace.walking import Accept, Walk, is_left_out

_STEP = 200
"""Files and folders that one step of a search comes to, or a few more (some 10 ms)."""
_NEW_FOLDER_MAX = 2_000
"""Entries that are looked at in folders that came; where there are more, all is searched anew."""


class Search:
    """A walk through one workspace folder, step by step; a step may run on any thread."""

    def __init__(self, root: Path, accept: Accept, entries_max: int) -> None:
        self._root = root
        self._accept = accept
        self._entries_max = entries_max
        self._walk: Walk | None = None
        self.found: dict[str, Path] = {}
        """The files by their keys."""

    @property
    def left(self) -> int:
        """How many more entries may be looked at."""
        return self._entries_max if self._walk is None else self._walk.left or 0

    @property
    def cut(self) -> bool:
        """Whether there were more entries than are looked at."""
        return self._walk is not None and self._walk.cut

    def step(self) -> bool:
        """Find some files; False when all were found."""
        if self._walk is None:
            self._walk = Walk(self._root, self._accept, entries_max=self._entries_max)
        came_to = 0
        for files in self._walk:
            for key, path in _keyed(files):
                # A file's own name comes before that of a link to it.
                if key not in self.found or not path.is_symlink():
                    self.found[key] = path
            came_to += 1 + len(files)
            if came_to >= _STEP:
                return True
        return False


class Place(NamedTuple):
    """A path that changed."""

    path: Path
    root: Path | None = None
    """Its workspace folder; None where it lies in none."""
    accept: Accept | None = None
    """What may be a document there."""


@dataclass(slots=True)
class Seen:
    """What became of paths that changed."""

    keys: set[str] = field(default_factory=set)
    """The file keys of all of them."""
    gone: set[str] = field(default_factory=set)
    """The keys of what is no document: removed, left out, or something else."""
    found: list[tuple[str, Path]] = field(default_factory=list)
    """The documents: those that changed or came, and what lies in folders that came."""
    too_many: bool = False
    """More came than is looked through here."""


def look(places: Iterable[Place]) -> Seen:
    """Look at what changed."""
    seen = Seen()
    for path, root, accept in places:
        key = file_key(os.path.realpath(path))
        seen.keys.add(key)
        if root is None or accept is None:
            continue
        if path == root:
            seen.too_many = True
        elif path.is_dir() and not path.is_symlink():
            if not is_left_out(path, root, is_folder=True):
                walk = Walk(path, accept, entries_max=_NEW_FOLDER_MAX)
                for files in walk:
                    seen.found += _keyed(files)
                seen.too_many = seen.too_many or walk.cut
        elif path.is_file() and accept(path) and not is_left_out(path, root, is_folder=False):
            seen.found.append((key, path))
        else:
            seen.gone.add(key)
    return seen


def _keyed(files: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    for path in files:
        yield file_key(os.path.realpath(path)), path
