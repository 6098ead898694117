"""A text that comes in pieces as what a content keeps of it: hash, size, measures, references."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from promptls.prompts.dialects.model import Dialect
from promptls.references.model import Embedded, Part
from promptls.references.scanning import Item, ReferenceScanner
from promptls.tokens.engine import Engine
from promptls.tokens.errors import TokenError
from promptls.tokens.measure import MeasureBuilder

REFERENCES_MAX = 100_000
"""References in one content; a text with more was made to fill the memory."""


@dataclass(frozen=True, slots=True)
class MeasuredText:
    """What a content keeps of its text."""

    hash: str
    """BLAKE2b-128 of the text in UTF-8, in hexadecimal."""
    size: int
    """Bytes of the text in UTF-8."""
    parts: tuple[Part, ...]


class TooManyReferencesError(TokenError):
    """A content holds more than REFERENCES_MAX references."""

    code = "reference/too-large"


def hash_text(pieces: Iterable[str]) -> tuple[str, int]:
    """The hash and the size of a text, as MeasuredText has them."""
    digest = hashlib.blake2b(digest_size=16)
    size = 0
    for piece in pieces:
        data = piece.encode("utf-8", "surrogatepass")
        digest.update(data)
        size += len(data)
    return digest.hexdigest(), size


def measure_text(pieces: Iterable[str], engine: Engine, dialect: Dialect | None) -> MeasuredText:
    """Measure a text without holding it; read it for references unless `dialect` is None.

    Raises TokenError when it cannot be counted or holds too many references.
    """
    digest = hashlib.blake2b(digest_size=16)
    builder = _PartsBuilder(engine)
    scanner = None if dialect is None else ReferenceScanner(dialect)
    size = 0
    for piece in pieces:
        data = piece.encode("utf-8", "surrogatepass")
        digest.update(data)
        size += len(data)
        builder.add([piece] if scanner is None else scanner.feed(piece))
    if scanner is not None:
        builder.add(scanner.finish())
    return MeasuredText(digest.hexdigest(), size, builder.finish())


def shift_lines(parts: tuple[Part, ...], lines: int) -> tuple[Part, ...]:
    """The parts of a text that begins so many lines into its file."""
    return tuple(
        replace(part, line=part.line + lines) if isinstance(part, Embedded) else part
        for part in parts
    )


class _PartsBuilder:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._measure = MeasureBuilder(engine)
        self._parts: list[Part] = []
        self._references = 0

    def add(self, items: list[Item]) -> None:
        for item in items:
            if isinstance(item, str):
                self._measure.add(item)
                continue
            self._references += 1
            if self._references > REFERENCES_MAX:
                raise TooManyReferencesError(
                    f"It holds more than {REFERENCES_MAX:,} references.", "Split it."
                )
            self._end_text()
            self._parts.append(item)

    def _end_text(self) -> None:
        measure = self._measure.finish()
        if measure.size:
            self._parts.append(measure)
            self._measure = MeasureBuilder(self._engine)

    def finish(self) -> tuple[Part, ...]:
        self._end_text()
        return tuple(self._parts) or (self._measure.finish(),)
