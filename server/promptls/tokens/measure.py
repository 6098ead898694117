"""Exact counts that can be joined: what a content costs wherever it is put.

A text is kept as what stands before its first safe cut (`head`), the tokens between the first and
the last safe cut, and what stands behind (`tail`). Where two texts meet, only the tail of one and
the head of the other are encoded; so the count of a rendered prompt is exact without reading
unchanged content again. Joining is associative, with the empty measure as its neutral element.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from promptls.tokens.engine import Engine
from promptls.tokens.errors import TokenError

RUN_MAX = 1 << 22
"""Characters without a safe cut that a measure may hold; what has more is no prose."""
_STRETCH = 1 << 16


class RunTooLongError(TokenError):
    """A text has more than RUN_MAX characters without a place where it may be cut."""

    code = "tokens/run-too-long"
    transient = False


@dataclass(frozen=True, slots=True)
class Measure:
    """The size of a text. `tokens` is None when there is no safe cut: `head` is all of it then."""

    head: str = ""
    tokens: int | None = None
    tail: str = ""
    size: int = 0
    """Bytes of the text in UTF-8."""


EMPTY = Measure()


def measure(text: str, engine: Engine) -> Measure:
    """Measure a text that is at hand; RunTooLongError or EngineError when it cannot be counted."""
    builder = MeasureBuilder(engine)
    builder.add(text)
    return builder.finish()


def join(measures: Iterable[Measure], engine: Engine) -> Measure:
    """The measure of texts one after another."""
    builder = MeasureBuilder(engine)
    for one in measures:
        builder.join(one)
    return builder.finish()


def total(one: Measure, engine: Engine) -> int:
    """Tokens of the text by itself: tiktoken's figure for it."""
    if one.tokens is None:
        return engine.count(one.head)
    first, last = engine.count_batch((one.head, one.tail))
    return first + one.tokens + last


class MeasureBuilder:
    """Measures a text that comes in pieces, of any length, and measures among them."""

    __slots__ = ("_counted", "_engine", "_head", "_rest", "_size")

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._head: str | None = None
        self._counted = 0
        self._rest = ""
        """The text behind the last safe cut so far."""
        self._size = 0

    @property
    def size(self) -> int:
        """Bytes so far, in UTF-8."""
        return self._size

    def add(self, text: str) -> None:
        """Go on with a text; it is counted up to its last safe cut."""
        if text.isascii():
            self._size += len(text)
        else:
            self._size += len(text.encode("utf-8", "surrogatepass"))
        for start in range(0, len(text), _STRETCH):
            self._extend(text[start : start + _STRETCH])

    def join(self, other: Measure) -> None:
        """Go on with a text of which the measure is known."""
        self._size += other.size
        self._extend(other.head)
        if other.tokens is not None:
            # Behind the head there is a cut, whatever stands around it.
            self._cut(len(self._rest))
            self._counted += other.tokens
            self._extend(other.tail)

    def finish(self) -> Measure:
        """The measure of all that came."""
        if self._head is None:
            return Measure(self._rest, None, "", self._size)
        return Measure(self._head, self._counted, self._rest, self._size)

    def _extend(self, text: str) -> None:
        if not text:
            return
        # A cut may need the character behind it, so the seam is looked at together.
        self._rest += text
        last = self._engine.cuts.before(self._rest, len(self._rest))
        if last:
            self._cut(last)
        elif len(self._rest) > RUN_MAX:
            raise RunTooLongError(
                f"A text has more than {RUN_MAX:,} characters without a place to cut it.",
                "Leave it out: a run like this is data, not prose.",
            )

    def _cut(self, last: int) -> None:
        """Count what is held up to a safe cut."""
        text, self._rest = self._rest[:last], self._rest[last:]
        if self._head is None:
            first = self._engine.cuts.after(text) or len(text)
            self._head, text = text[:first], text[first:]
        if text:
            self._counted += self._engine.count(text)
