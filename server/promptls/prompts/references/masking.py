"""What of a line cannot belong to a reference: escaped characters and code spans."""

from __future__ import annotations

import re
from bisect import bisect_left

MASK = "\0"
"""Stands for each character that no reference may be made of."""

_SPECIAL = re.compile(r"\\[\\`@#$!\[\]{}]|`+")
_BACKTICKS = re.compile(r"`+")


def mask(line: str) -> str:
    r"""The line with MASK for escaped openers (`\@`) and in code spans; as long as the line.

    Code spans are CommonMark's: a run of backticks up to the next run of the same length. A run
    that nothing closes on the line is text.
    """
    if "`" not in line and "\\" not in line:
        return line
    runs = _runs(line)
    pieces: list[str] = []
    kept = position = 0
    while (found := _SPECIAL.search(line, position)) is not None:
        start, position = found.span()
        if line[start] == "\\":
            if line[start + 1] != "\\":
                pieces += line[kept : start + 1], MASK
                kept = position
            continue
        length = position - start
        closing = _next(runs.get(length, ()), position)
        if closing is not None:
            position = closing + length
            pieces += line[kept:start], MASK * (position - start)
            kept = position
    pieces.append(line[kept:])
    return "".join(pieces)


def _runs(line: str) -> dict[int, list[int]]:
    """Where runs of backticks begin, by their length."""
    runs: dict[int, list[int]] = {}
    for run in _BACKTICKS.finditer(line):
        runs.setdefault(run.end() - run.start(), []).append(run.start())
    return runs


def _next(starts: list[int] | tuple[()], position: int) -> int | None:
    number = bisect_left(starts, position)
    return starts[number] if number < len(starts) else None
