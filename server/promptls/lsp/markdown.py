"""Texts of others in Markdown that an editor shows, so that nothing in them renders or loads."""

from __future__ import annotations

import re

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_BACKTICKS = re.compile("`+")
_FENCE_MIN = 3


def escaped(text: str) -> str:
    """A text on one line that reads as it is written: no link, no image, no tag, no address."""
    return _PUNCTUATION.sub(r"\\\1", _BREAKS.sub(" ", text))


def message(text: str) -> str:
    """A message of ours, in which names stand between backticks: those are code, the rest plain."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return escaped(text)
    return "".join(
        f"`{_BREAKS.sub(' ', piece)}`" if number % 2 and piece.strip() else escaped(piece)
        for number, piece in enumerate(pieces)
    )


def fenced(text: str) -> str:
    """A text in a fence longer than any run of backticks in it."""
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    fence = "`" * max(_FENCE_MIN, longest + 1)
    return f"{fence}\n{text}\n{fence}"
