"""promptls' own forms, read in every dialect: `@file:…`, `@api:…`, `@var:…`.

Packages bring further kinds, which are read like `@file:`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from promptls.prompts.references.masking import mask
from promptls.prompts.references.model import NO_OPTIONS, Options, Reference
from promptls.prompts.references.options import (
    LINE_ANCHOR,
    Problem,
    read_options,
    split_path,
    split_url,
)
from promptls.prompts.references.targets import (
    TARGET_MAX,
    Finder,
    bare_end,
    is_known_at_run_time,
)

NATIVE_KINDS = ("file", "api", "var")

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)+)"')
_VARIABLE = re.compile(r"(?:env:)?\w(?:[\w.-]*\w)?")
_ENDPOINT = re.compile(r"\w(?:[\w.-]*\w)?")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SAFE = re.compile(r"[\w./~@+=%&#?\\:!$*-]*[\w/]")
_SOME_OPTIONS = re.compile(r"\?[A-Za-z]")


class _Target(NamedTuple):
    target: str
    start: int
    stop: int
    """Where the target as written begins and ends."""
    end: int
    """Where the reference ends: behind a closing quote and options."""
    options: Options = NO_OPTIONS
    problem: Problem | None = None


def opening_of(kinds: Iterable[str]) -> re.Pattern[str]:
    """What finds `@kind:`. An `@` in a word, an address or a doubled one begins nothing."""
    names = "|".join(re.escape(kind) for kind in sorted(kinds))
    return re.compile(rf"(?<![A-Za-z0-9.+@/\\])@({names}):")


def native_finder(kinds: Iterable[str]) -> Finder:
    """Make what finds the references of these kinds."""
    opening = opening_of(kinds)

    def find(line: str, masked: str) -> Iterator[Reference]:
        position = 0
        while (found := opening.search(masked, position)) is not None:
            position = found.end()
            read = _read(line, masked, found)
            if read is None:
                continue
            position = read.end
            if len(read.target) > TARGET_MAX:
                continue
            yield Reference(
                start=found.start(),
                end=read.end,
                kind=found[1],
                target=read.target,
                target_start=read.start,
                target_end=read.stop,
                text=line[found.start() : read.end],
                form="native",
                certain=True,
                options=read.options,
                deferred=found[1] != "var" and is_known_at_run_time(read.target),
                problem=read.problem,
            )

    return find


def quoted(target: str) -> str:
    """Write a target in quotes."""
    return '"' + target.replace('"', '\\"') + '"'


def is_bare(kind: str, target: str) -> bool:
    """Whether a target reads as itself in any sentence when it is written without quotes."""
    if _SAFE.fullmatch(target) is None:
        return False
    line = f"@{kind}:{target}"
    read = next(iter(native_finder((kind,))(line, mask(line))), None)
    return (
        read is not None
        and read.target == target
        and read.end == len(line)
        and read.options == NO_OPTIONS
    )


def _read(line: str, masked: str, opening: re.Match[str]) -> _Target | None:
    kind, start = opening[1], opening.end()
    before = masked[opening.start() - 1] if opening.start() else ""
    if kind == "var":
        return _read_name(_VARIABLE, line, masked, start, before)
    if masked.startswith('"', start):
        return _read_quoted(line, masked, start, before)
    is_url = kind == "api" and _URL.match(masked, start) is not None
    if kind == "api" and not is_url:
        return _read_name(_ENDPOINT, line, masked, start, before)
    end = bare_end(masked, start, before)
    split = (split_url if is_url else split_path)(line[start:end])
    if not split.target:
        return None
    return _Target(split.target, start, start + len(split.target), end, *split[1:])


def _read_name(
    name: re.Pattern[str], line: str, masked: str, start: int, before: str
) -> _Target | None:
    found = name.match(masked, start)
    if found is None:
        return None
    stop = found.end()
    return _Target(line[start:stop], start, stop, *_read_suffix(line, masked, stop, before))


def _read_quoted(line: str, masked: str, start: int, before: str) -> _Target | None:
    found = _QUOTED.match(masked, start)
    if found is None:
        return None
    target = line[found.start(1) : found.end(1)].replace('\\"', '"')
    suffix = _read_suffix(line, masked, found.end(), before)
    return _Target(target, found.start(1), found.end(1), *suffix)


def _read_suffix(
    line: str, masked: str, start: int, before: str
) -> tuple[int, Options, Problem | None]:
    """Read a line anchor and options behind a target that ends by itself."""
    anchor = LINE_ANCHOR.match(masked, start)
    end = start if anchor is None else anchor.end()
    written = ""
    if _SOME_OPTIONS.match(masked, end):
        stop = bare_end(masked, end, before)
        written = line[end + 1 : stop]
        end = max(end, stop)
    return end, *read_options(written, anchor)
