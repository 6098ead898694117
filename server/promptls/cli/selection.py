"""From the arguments of a command to the documents that it is about."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from promptls.cli.places import shown_path
from promptls.workspace.walking import Accept, walk

STDIN = "-"
_MAGIC = frozenset("*?[")


@dataclass(slots=True)
class Source:
    """One document to read."""

    name: str
    """What output calls it."""
    path: Path | None
    """Absolute; None for standard input without a name."""
    is_stdin: bool = False
    is_named: bool = False
    """Whether an argument names the file itself, and not only a folder that it lies in."""
    folders: set[str] = field(default_factory=set)
    """The arguments that name folders in which it was found."""


class Selection(NamedTuple):
    """What the arguments mean."""

    sources: list[Source]
    """Sorted by name, standard input first; each file once, whatever its names."""
    folders: list[str]
    """The arguments that name folders."""
    problems: list[str]
    """What cannot be found or entered, in words."""


def select(arguments: Iterable[str], current: Path, accept: Accept, stdin_path: str) -> Selection:
    """Find the files; `accept` says which of those in folders are wanted.

    `current` is the absolute current folder. `stdin_path` names standard input, or is empty.
    """
    search = _Search(current, accept)
    for argument in dict.fromkeys(arguments):
        if argument == STDIN:
            search.add_stdin(stdin_path)
        else:
            search.add(argument)
    return search.selection()


class _Search:
    def __init__(self, current: Path, accept: Accept) -> None:
        self._current = current
        self._accept = accept
        self._stdin: list[Source] = []
        self._found: dict[str, Source] = {}
        self._folders: list[str] = []
        self._problems: list[str] = []

    def add_stdin(self, name: str) -> None:
        path = self._absolute(name) if name else None
        shown = shown_path(path, self._current) if path else STDIN
        self._stdin = [Source(shown, path, is_stdin=True, is_named=True)]

    def add(self, argument: str) -> None:
        path = self._absolute(argument)
        if os.path.lexists(path):
            self._add_path(path, argument)
        elif _MAGIC.intersection(argument):
            # A shell expands globs, except where they are quoted, and on Windows.
            matching = _expand(argument, self._current)
            for match in matching:
                self._add_path(self._absolute(str(match)), argument)
            if not matching:
                self._problems.append(f"{argument}: no file matches")
        else:
            self._problems.append(f"{argument}: there is no such file or folder")

    def selection(self) -> Selection:
        found = sorted(self._found.values(), key=lambda source: source.name)
        return Selection([*self._stdin, *found], self._folders, self._problems)

    def _add_path(self, path: Path, argument: str) -> None:
        if not path.is_dir():
            self._add_file(path).is_named = True
            return
        if argument not in self._folders:
            self._folders.append(argument)
        for file in walk(path, self._accept, self._complain):
            self._add_file(file).folders.add(argument)

    def _add_file(self, path: Path) -> Source:
        """Add a file, or find it under another name; its own name wins over a link's."""
        real = os.path.realpath(path)
        source = self._found.setdefault(real, Source(shown_path(path, self._current), path))
        if source.path != path and source.path is not None and source.path.is_symlink():
            source.path, source.name = path, shown_path(path, self._current)
        return source

    def _absolute(self, name: str) -> Path:
        return Path(os.path.abspath(self._current / name))  # noqa: PTH100 - links stay as named

    def _complain(self, folder: Path, error: OSError) -> None:
        reason = error.strerror or type(error).__name__
        self._problems.append(f"{shown_path(folder, self._current)}: cannot be read: {reason}")


def _expand(pattern: str, current: Path) -> list[Path]:
    """Give what a glob matches, `**` for any number of folders; nothing in `.git`."""
    parts = Path(pattern).parts
    first = next(place for place, part in enumerate(parts) if _MAGIC.intersection(part))
    base = current.joinpath(*parts[:first])
    try:
        matches = sorted(base.glob(str(Path(*parts[first:]))))
    except (ValueError, OSError):
        return []
    return [match for match in matches if ".git" not in match.relative_to(base).parts]
