"""Finds the files below a folder that may be prompt documents."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from promptls.references.files.ignored import IgnoreRules, rules_for

Accept = Callable[[Path], bool]
Complain = Callable[[Path, OSError], None]


def walk(folder: Path, accept: Accept, complain: Complain) -> Iterator[Path]:
    """Give the files below an absolute folder that `accept` takes; see `Walk`.

    `complain` is told of folders that cannot be read.
    """
    for found in Walk(folder, accept, complain):
        yield from found


class Walk:
    """The files below an absolute folder that `accept` takes and `.gitignore` leaves.

    Iterating gives those of one folder at a time, the ones near the top first. `.git` is not
    entered. Links to folders are not followed: what they lead to inside the folder is found under
    its own name. Links to files are taken where the file lies in the folder too. Within a folder,
    order is that of the file system.
    """

    def __init__(
        self,
        folder: Path,
        accept: Accept,
        complain: Complain = lambda folder, error: None,
        entries_max: int | None = None,
    ) -> None:
        """No more than `entries_max` entries of folders are looked at."""
        self._accept = accept
        self._complain = complain
        self._left = entries_max
        self._inside = os.path.realpath(folder)
        self._waiting = deque([(folder, rules_for(folder))])
        self.cut = False
        """Whether there were more entries than are looked at."""

    @property
    def left(self) -> int | None:
        """How many more entries may be looked at; None for any number."""
        return self._left

    def __iter__(self) -> Iterator[list[Path]]:
        """Go on where the last iteration stopped."""
        while self._waiting and not self.cut:
            folder, rules = self._waiting.popleft()
            yield self._files(folder, rules)

    def _files(self, folder: Path, rules: IgnoreRules) -> list[Path]:
        try:
            entries = self._entries(folder)
        except OSError as error:
            self._complain(folder, error)
            return []
        found = []
        for entry in entries:
            path = folder / entry.name
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
                is_file = entry.is_file()
            except OSError:  # a link that leads round in a circle
                continue
            if is_folder:
                if entry.name != ".git" and not rules.ignores(path, is_folder=True):
                    self._waiting.append((path, rules.within(path)))
            elif (
                is_file
                and self._accept(path)
                and not rules.ignores(path, is_folder=False)
                and (not entry.is_symlink() or _lies_in(path, self._inside))
            ):
                found.append(path)
        return found

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        with os.scandir(folder) as listing:
            if self._left is None:
                return list(listing)
            # No more than are looked at: a folder may hold millions.
            entries = list(islice(listing, self._left + 1))
        self.cut = len(entries) > self._left
        self._left = max(0, self._left - len(entries))
        return entries[:-1] if self.cut else entries


def is_left_out(path: Path, folder: Path, *, is_folder: bool) -> bool:
    """Whether a walk from an absolute folder does not come to an entry below it."""
    rules = rules_for(folder)
    current = folder
    *above, name = path.relative_to(folder).parts
    for part in above:
        current /= part
        if part == ".git" or current.is_symlink() or rules.ignores(current, is_folder=True):
            return True
        rules = rules.within(current)
    return name == ".git" or rules.ignores(path, is_folder=is_folder)


def _lies_in(path: Path, folder: str) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(folder)
