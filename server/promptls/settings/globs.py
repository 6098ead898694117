"""Globs that say which documents a `[[files]]` rule is for, read as in `.gitignore`.

Written out here, and not taken from a library, because a workspace that nobody trusts yet
brings these patterns: matching costs at most (parts of the glob) x (parts of the path) tests
of one name, and each of those is a regular expression without backtracking.
"""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

_ESCAPED = re.compile(r"\\(.)")
_ANY_NAME = re.compile(r"(?s:.)+")


@dataclass(frozen=True, slots=True)
class Glob:
    """A compiled glob: one test per path part, None for any number of parts."""

    tests: tuple[re.Pattern[str] | None, ...]

    def matches(self, parts: tuple[str, ...]) -> bool:
        """Whether a path below the glob's folder, given as its parts, is meant."""
        test = part = 0
        open_test, open_part = -1, 0
        while part < len(parts):
            if test < len(self.tests) and self.tests[test] is None:
                open_test, open_part = test, part
                test += 1
            elif test < len(self.tests) and _matches(self.tests[test], parts[part]):
                test += 1
                part += 1
            elif open_test >= 0:
                open_part += 1
                test, part = open_test + 1, open_part
            else:
                return False
        return all(rest is None for rest in self.tests[test:])


@lru_cache(maxsize=4096)
def compile_glob(glob: str) -> Glob | str:
    """Compile a glob; a string as the result says what is wrong with it."""
    if glob.startswith("!"):
        return "must not start with `!`: a rule cannot exclude files"
    body = glob.removeprefix(".") if glob.startswith("./") else glob
    folder_only = body.endswith("/")
    names = body.strip("/").split("/")
    if "" in names:
        return "must name files, without empty parts between slashes"
    if ".." in names or "." in names:
        return "must stay inside its folder, without `.` and `..`"
    tests = [None if name == "**" else _name_test(name) for name in names]
    if "/" not in body.rstrip("/"):
        tests.insert(0, None)
    # A glob means what it matches and, where that is a folder, everything in it.
    inside = [_ANY_NAME, None]
    if names[-1] == "**":
        tests[-1:] = inside
    tests += inside if folder_only else [None]
    return Glob(tuple(tests))


def matches(glob: str, folder: PurePath, path: PurePath) -> bool:
    """Whether `glob`, written for `folder`, means `path` (both absolute)."""
    compiled = compile_glob(glob)
    if isinstance(compiled, str) or not path.is_relative_to(folder):
        return False
    return compiled.matches(path.parts[len(folder.parts) :])


def _name_test(name: str) -> re.Pattern[str]:
    plain = _ESCAPED.sub(lambda hit: f"[{hit[1]}]" if hit[1] in "*?[" else hit[1], name)
    return re.compile(fnmatch.translate(plain.replace("[^", "[!")))


def _matches(test: re.Pattern[str] | None, name: str) -> bool:
    return test is not None and test.match(name) is not None
