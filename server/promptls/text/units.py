"""Characters in the code units of a position encoding (LSP 3.17: utf-8, utf-16, utf-32)."""

from __future__ import annotations

import re
from typing import Literal

PositionEncoding = Literal["utf-8", "utf-16", "utf-32"]

_SURROGATE = re.compile("[\ud800-\udfff]")
_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def count_units(text: str, encoding: PositionEncoding) -> int:
    """The length of `text` in code units."""
    if encoding == "utf-32" or text.isascii():
        return len(text)
    if encoding == "utf-16":
        return len(text.encode("utf-16-le", "surrogatepass")) >> 1
    return len(text.encode("utf-8", "surrogatepass"))


def units_to_characters(text: str, units: int, encoding: PositionEncoding) -> tuple[int, bool]:
    """How many characters of `text` the first `units` code units hold.

    The second value tells that the units end between the two halves of a utf-16 surrogate pair;
    the character that they cut is then not counted. A cut inside a utf-8 sequence counts as one
    before its character.
    """
    if encoding == "utf-32" or text.isascii():
        return min(units, len(text)), False
    if encoding == "utf-16":
        encoded = text.encode("utf-16-le", "surrogatepass")
        if units * 2 >= len(encoded):
            return len(text), False
        high = encoded[units * 2 - 1] if units else 0
        low = encoded[units * 2 + 1]
        inside = 0xD8 <= high <= 0xDB and 0xDC <= low <= 0xDF
        head = encoded[: (units - inside) * 2].decode("utf-16-le", "surrogatepass")
        return len(head), inside
    encoded = text.encode("utf-8", "surrogatepass")
    if units >= len(encoded):
        return len(text), False
    while units and encoded[units] & 0xC0 == 0x80:
        units -= 1
    return len(encoded[:units].decode("utf-8", "surrogatepass")), False


def split_pair(character: str) -> tuple[str, str]:
    """The two surrogates of a character outside the basic plane."""
    encoded = character.encode("utf-16-le")
    high, low = encoded[:2], encoded[2:]
    return high.decode("utf-16-le", "surrogatepass"), low.decode("utf-16-le", "surrogatepass")


def is_high_surrogate(character: str) -> bool:
    """Whether the character is the first half of a pair that stands alone."""
    return "\ud800" <= character <= "\udbff"


def is_low_surrogate(character: str) -> bool:
    """Whether the character is the second half of a pair that stands alone."""
    return "\udc00" <= character <= "\udfff"


def join_pairs(text: str) -> str:
    """The text with each high surrogate that a low one follows joined with it."""
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return _SURROGATE_PAIR.sub(
        lambda pair: pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le"), text
    )
