"""Text synchronisation from scratch: a text is a string of code units, an edit a splice in it.

Slow and simple on purpose, and without a line of promptls's own code: what `TextBuffer` does must
be equal to it.
"""

from __future__ import annotations

import re
from typing import Literal

Encoding = Literal["utf-8", "utf-16", "utf-32"]
Edited = tuple[tuple[int, int, int, int] | None, str]

LINE_BREAK = re.compile("\r\n|\n|\r")


def joined(text: str) -> str:
    """The text with every high surrogate that a low one follows made one character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def to_units(text: str, encoding: Encoding) -> str:
    """A string with one character for each code unit of the text."""
    if encoding == "utf-8":
        return text.encode("utf-8", "surrogatepass").decode("latin-1")
    if encoding == "utf-16":
        data = text.encode("utf-16-le", "surrogatepass")
        return "".join(
            chr(low + (high << 8)) for low, high in zip(data[::2], data[1::2], strict=True)
        )
    return text


def from_units(units: str, encoding: Encoding) -> str:
    """The text that the code units spell."""
    if encoding == "utf-8":
        units = units.encode("latin-1").decode("utf-8", "surrogatepass")
    return joined(units)


def lines_of(text: str) -> list[str]:
    """The lines without their line breaks; one empty line for an empty text."""
    return LINE_BREAK.split(text)


def line_starts(text: str) -> list[int]:
    """The offset of each line."""
    return [0, *(found.end() for found in LINE_BREAK.finditer(text))]


def offset_of(units: str, line: int, character: int, encoding: Encoding) -> int:
    """The offset of a position in a string of code units, clamped as LSP says."""
    starts = line_starts(units)
    if line >= len(starts):
        return len(units)
    stop = starts[line] + len(lines_of(units)[line])
    offset = min(starts[line] + character, stop)
    if encoding == "utf-8":
        # A position inside a character is taken for one before it.
        while offset < stop and "\x80" <= units[offset] <= "\xbf":
            offset -= 1
    return offset


def edited(text: str, edit: Edited, encoding: Encoding) -> str:
    """The text after one content change."""
    where, new = edit
    if where is None:
        return joined(new)
    units = to_units(text, encoding)
    start, stop = sorted([where[:2], where[2:]])
    first = offset_of(units, *start, encoding)
    last = offset_of(units, *stop, encoding)
    return from_units(units[:first] + to_units(new, encoding) + units[last:], encoding)
