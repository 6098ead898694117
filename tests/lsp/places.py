"""Places in texts, as an editor names them."""

from __future__ import annotations

from typing import Any

UNITS = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
_WIDTH = {"utf-8": 1, "utf-16": 2, "utf-32": 4}


def units(text: str, encoding: str = "utf-16") -> int:
    """The length of a text in code units."""
    return len(text.encode(UNITS[encoding])) // _WIDTH[encoding]


def position(text: str, offset: int, encoding: str = "utf-16") -> dict[str, int]:
    """The position of an offset in characters."""
    before = text[:offset]
    line = before.rpartition("\n")[2]
    return {"line": before.count("\n"), "character": units(line, encoding)}


def at(text: str, needle: str, encoding: str = "utf-16") -> dict[str, int]:
    """The position of the first character of a needle."""
    return position(text, text.index(needle), encoding)


def span(text: str, needle: str, encoding: str = "utf-16") -> dict[str, Any]:
    """The range of a needle."""
    start = text.index(needle)
    return {
        "start": position(text, start, encoding),
        "end": position(text, start + len(needle), encoding),
    }
