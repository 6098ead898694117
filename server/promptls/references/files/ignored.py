"""Which files `.gitignore` leaves out, decided as git decides it: entry by entry, from the top.

A walk has to know of each *folder* whether to enter it. pathspec answers for files only (for
`*` and `!docs/` it says that `docs/` is ignored, and leaves out only what lies in it), so that
git's own rule is applied here: the last pattern of the nearest file that means an entry decides.
The names in a pattern are compiled by the settings' globs, without regular expressions that a
hostile pattern could slow down.
"""

from __future__ import annotations

import codecs
import os
import re
from dataclasses import dataclass
from pathlib import Path

from promptls.settings.globs import Glob, compile_glob
from promptls.settings.settings_file import read_bytes

GITIGNORE = ".gitignore"
_EXCLUDE = Path("info", "exclude")
_TRAILING_BLANKS = re.compile(r"(?<!\\) +\Z")
_ANY_NAME = "*"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of a `.gitignore`."""

    glob: Glob
    folders_only: bool
    ignores: bool
    """False for a line that begins with `!`."""


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The patterns that count in one folder: its own and those from above."""

    folder: Path
    patterns: tuple[Pattern, ...] = ()
    above: IgnoreRules | None = None

    def within(self, folder: Path) -> IgnoreRules:
        """Give the rules of a folder below, where it has some of its own; else these."""
        patterns = read_patterns(folder / GITIGNORE)
        return IgnoreRules(folder, patterns, self) if patterns else self

    def ignores(self, path: Path, *, is_folder: bool) -> bool:
        """Whether an entry is left out, provided that the folders above it are not."""
        rules: IgnoreRules | None = self
        while rules is not None:
            parts = path.parts[len(rules.folder.parts) :]
            for pattern in reversed(rules.patterns):
                if (is_folder or not pattern.folders_only) and pattern.glob.matches(parts):
                    return pattern.ignores
            rules = rules.above
        return False


def rules_for(folder: Path) -> IgnoreRules:
    """Give the rules for a walk that begins at an absolute folder.

    In a git repository its `.gitignore` files from the top down count, and `.git/info/exclude`.
    A folder that they ignore was named all the same: then only its own rules count.
    """
    own = IgnoreRules(folder)
    above = (folder, *folder.parents)
    top = next((one for one in above if os.path.lexists(one / ".git")), None)
    if top is None:
        return own.within(folder)
    rules = IgnoreRules(top, read_patterns(top / ".git" / _EXCLUDE)).within(top)
    below = folder.parts[len(top.parts) :]
    current = top
    for name in below:
        current /= name
        if rules.ignores(current, is_folder=True):
            return own.within(folder)
        rules = rules.within(current)
    return rules


def read_patterns(path: Path) -> tuple[Pattern, ...]:
    """Read the patterns of a file; none where it is a link, is not there or cannot be read."""
    # git does not follow links here; Path.is_symlink raises in a folder that may not be entered.
    data = None if os.path.islink(path) else read_bytes(path)  # noqa: PTH114
    if not isinstance(data, bytes):
        return ()
    text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    patterns = (parse_pattern(line.removesuffix("\r")) for line in text.split("\n"))
    return tuple(pattern for pattern in patterns if pattern is not None)


def parse_pattern(line: str) -> Pattern | None:
    """Read one line; None where it is blank, a comment, or can match nothing."""
    body = _TRAILING_BLANKS.sub("", line)
    if not body or body.startswith("#"):
        return None
    ignores = not body.startswith("!")
    body = body.removeprefix("!")
    folders_only = body.endswith("/")
    body = body.removesuffix("/")
    names = body.removeprefix("/").split("/")
    if "/" not in body and names != ["**"]:
        names.insert(0, "**")
    if names[-1] == "**":
        names.append(_ANY_NAME)  # what is in a folder, not the folder
    tests: list[re.Pattern[str] | None] = []
    for name in names:
        compiled = None if name == "**" else compile_glob(f"/{name}")
        if isinstance(compiled, str):
            return None
        tests.append(compiled.tests[0] if compiled else None)
    return Pattern(Glob(tuple(tests)), folders_only, ignores)
