r"""Line breaks as LSP knows them: `\n`, `\r\n` and `\r`, and no others."""

from __future__ import annotations

import re

_BREAK = re.compile("\r\n|\n|\r")


def count_breaks(text: str) -> int:
    """How many line breaks the text holds."""
    breaks = text.count("\n")
    if "\r" in text:
        breaks += text.count("\r") - text.count("\r\n")
    return breaks


def after_break(text: str, number: int) -> int:
    """The offset behind the line break of that number, counted from 1; 0 for number 0."""
    if not number:
        return 0
    if "\r" not in text or text.count("\r") == text.count("\r\n"):
        return len(text) - len(text.split("\n", number)[number])
    breaks = _BREAK.finditer(text)
    for _ in range(number - 1):
        next(breaks)
    return next(breaks).end()


def line_end(text: str, start: int) -> int:
    """The offset of the first line break at or after `start`, or -1."""
    newline = text.find("\n", start)
    if "\r" in text:
        carriage = text.find("\r", start)
        if carriage >= 0 and (newline < 0 or carriage < newline):
            return carriage
    return newline


def line_starts(text: str) -> list[int]:
    """The offsets at which lines begin."""
    return [0, *(found.end() for found in _BREAK.finditer(text))]
