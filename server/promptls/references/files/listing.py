"""The files that a glob or a folder brings in: sorted, without those that `.gitignore` names."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from promptls.references.files.ignored import IgnoreRules, rules_for
from promptls.settings.globs import Glob, compile_glob

ENTRIES_MAX = 10_000
"""Entries of folders that are looked at for one reference."""
_MAGIC = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Pattern:
    """The part of a glob from its first wildcard on."""

    glob: Glob
    depth: int
    """How many names it is made of."""

    @classmethod
    def of(cls, target: str) -> Pattern | None:
        """The pattern in a target; None where there is none, or one that can match nothing."""
        names = target.split("/")
        first = next((number for number, name in enumerate(names) if _MAGIC & {*name}), None)
        if first is None:
            return None
        names = [name for name in names[first:] if name not in ("", ".")]
        tests = []
        for name in names:
            compiled = None if name == "**" else compile_glob(f"/{name}")
            if isinstance(compiled, str):
                return None
            tests.append(compiled.tests[0] if compiled else None)
        if names[-1] == "**":
            any_name = compile_glob("/*")
            assert isinstance(any_name, Glob)  # noqa: S101 - a constant
            tests.append(any_name.tests[0])
        return cls(Glob(tuple(tests)), len(names))

    def may_lie_in(self, parts: tuple[str, ...]) -> bool:
        """Whether files in a folder (its parts below the base) may match."""
        tests = self.glob.tests
        if None in tests:
            fixed = tests[: min(tests.index(None), len(parts))]
            return Glob(fixed).matches(parts[: len(fixed)])
        return len(parts) < len(tests) and Glob(tests[: len(parts)]).matches(parts)


@dataclass(frozen=True, slots=True)
class Listing:
    """What was found: paths in order; no more are looked for when there are too many."""

    paths: tuple[str, ...]
    too_many: bool = False
    problem: str = ""
    """Why the folder itself cannot be listed."""


def list_files(
    folder: str, pattern: Pattern | None, accept: Callable[[Path], bool], max_files: int
) -> Listing:
    """List the files below a real folder that `accept` takes and the pattern matches.

    `.git` is not entered and links to folders are not followed. Folders below that cannot be read
    have nothing in them. Order is that of the names, folder by folder.
    """
    base = Path(folder)
    found: list[tuple[str, ...]] = []
    looked_at = 0
    waiting: list[tuple[tuple[str, ...], IgnoreRules]] = [((), rules_for(base))]
    while waiting:
        parts, rules = waiting.pop()
        current = base.joinpath(*parts)
        try:
            entries = _entries(current)
        except OSError as error:
            if not parts:
                return Listing((), problem=(error.strerror or type(error).__name__).lower())
            continue
        for entry in entries:
            looked_at += 1
            if looked_at > ENTRIES_MAX:
                return Listing((), too_many=True)
            path = current / entry.name
            inner = (*parts, entry.name)
            if entry.is_dir(follow_symlinks=False):
                if (
                    entry.name != ".git"
                    and (pattern is None or pattern.may_lie_in(inner))
                    and not rules.ignores(path, is_folder=True)
                ):
                    waiting.append((inner, rules.within(path)))
            elif (
                (pattern is None or pattern.glob.matches(inner))
                and accept(path)
                and not rules.ignores(path, is_folder=False)
                and _is_file(entry)
            ):
                found.append(inner)
                if len(found) > max_files:
                    return Listing((), too_many=True)
    return Listing(tuple(str(base.joinpath(*parts)) for parts in sorted(found)))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    # No more than are looked at: a folder may hold millions.
    with os.scandir(folder) as listing:
        return list(islice(listing, ENTRIES_MAX + 1))


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link that leads round in a circle
        return False
