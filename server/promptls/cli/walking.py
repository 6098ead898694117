"""Finds the files below a folder that may be prompt documents."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from promptls.cli.ignored import IgnoreRules, rules_for

Accept = Callable[[Path], bool]
Complain = Callable[[Path, OSError], None]


def walk(folder: Path, accept: Accept, complain: Complain) -> Iterator[Path]:
    """Give the files below an absolute folder that `accept` takes and `.gitignore` leaves.

    `.git` is not entered. Links to folders are not followed: what they lead to inside the folder
    is found under its own name. Links to files are taken where the file lies in the folder too.
    `complain` is told of folders that cannot be read. Order is that of the file system.
    """
    inside = os.path.realpath(folder)
    waiting: list[tuple[Path, IgnoreRules]] = [(folder, rules_for(folder))]
    while waiting:
        current, rules = waiting.pop()
        try:
            with os.scandir(current) as listing:
                entries = list(listing)
        except OSError as error:
            complain(current, error)
            continue
        for entry in entries:
            path = current / entry.name
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
                is_file = entry.is_file()
            except OSError:  # a link that leads round in a circle
                continue
            if is_folder:
                if entry.name != ".git" and not rules.ignores(path, is_folder=True):
                    waiting.append((path, rules.within(path)))
            elif (
                is_file
                and accept(path)
                and not rules.ignores(path, is_folder=False)
                and (not entry.is_symlink() or _lies_in(path, inside))
            ):
                yield path


def _lies_in(path: Path, folder: str) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(folder)
