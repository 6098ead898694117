"""Reads the text of an open file in pieces: never whole in memory, never more than is allowed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

from promptls.references.files.contents import Lines, brought_in, missing_lines
from promptls.references.files.decoding import LOOKED_AT, Decoder, kind_of
from promptls.references.files.failures import UnusableError, too_large
from promptls.references.files.text_stages import LineCut
from promptls.references.model import Notice

PIECE = 1 << 18
"""Bytes that are read at once."""


class TextOfFile:
    """The text of an open regular file as it is brought in.

    Without a BOM and one final newline, cut to `lines` where that is not None. A file of no more
    than PIECE bytes is read once, a larger one anew for each pass.
    """

    def __init__(
        self, handle: int, max_bytes: int, lines: Lines | None, pause: Callable[[], None]
    ) -> None:
        self._handle = handle
        self._max_bytes = max_bytes
        self._lines = lines
        self._pause = pause
        self._short: list[str] | None = None
        self._invalid = ""
        self._cut: LineCut | None = None

    def pieces(self) -> Iterable[str]:
        """The text; raises UnusableError, and OSError where reading does."""
        return self._read() if self._short is None else self._short

    def notices(self, name: str) -> tuple[Notice, ...]:
        """What was noticed on the first pass, which must be over."""
        found = missing_lines(name, self._lines, self._cut)
        if self._invalid:
            message = (
                f"`{name}` is not in UTF-8 (it holds the bytes {self._invalid}); what is not "
                "counts as U+FFFD. Save the file as UTF-8."
            )
            found = (Notice("reference/not-utf8", message), *found)
        return found

    def _read(self) -> Iterator[str]:
        os.lseek(self._handle, 0, os.SEEK_SET)
        data = self._bytes(max(PIECE, LOOKED_AT))
        kind = kind_of(data)
        if not kind.encoding:
            raise UnusableError("reference/binary", f"is {kind.reason}")
        following = self._bytes(PIECE)
        decoder = Decoder(kind)
        text, self._cut = brought_in(self._decode(decoder, data, following), self._lines)
        if following:
            yield from text
        else:
            self._short = list(text)
            yield from self._short
        self._invalid = decoder.invalid

    def _decode(self, decoder: Decoder, data: bytes, following: bytes) -> Iterator[str]:
        total = 0
        while data:
            total += len(data)
            if total > self._max_bytes:
                raise UnusableError("reference/too-large", too_large(self._max_bytes))
            text = decoder.decode(data)
            if text:
                yield text
            data = following
            following = self._bytes(PIECE) if following else b""
        text = decoder.decode(b"", final=True)
        if text:
            yield text

    def _bytes(self, size: int) -> bytes:
        self._pause()
        return os.read(self._handle, size)
