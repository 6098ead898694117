"""Finds the messages in a byte stream of `Content-Length` headers and bodies.

The decoder forgives what can be forgiven (header names in any case, no space after the colon,
further headers in any order, bare line feeds) and finds its way back to the next
`Content-Length` header when a header is missing, absurd or wrong about its body. It never
allocates what a header claims, only what has arrived.
"""

from __future__ import annotations

import re
from typing import Final

MAX_BODY: Final = 1 << 30
"""Bytes; a longer body is taken for a damaged header."""

MAX_HEADER: Final = 1 << 12
"""Bytes of a header block without an end; more is taken for noise."""

_LENGTH_LINE = re.compile(rb"content-length[ \t]*:[ \t]*(\d+)[ \t]*\r?\n", re.IGNORECASE)
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_USUAL = b"Content-Length: "
_LONGEST_LINE = 256  # more than any Content-Length line that is meant


class Desync:
    """Stands in the stream of bodies where bytes had to be skipped."""


DESYNC: Final = Desync()

Frame = bytes | bytearray | Desync


class FrameDecoder:
    """Turns pieces of a stream into message bodies: `feed`, then `next` until it gives None."""

    __slots__ = ("_at", "_body", "_buffer", "_missing", "_scanning")

    def __init__(self) -> None:
        self._buffer: bytes | bytearray = b""
        self._at = 0  # everything in the buffer before this is used up
        self._body: bytearray | None = None  # the body that has arrived in part
        self._missing = 0
        self._scanning = False  # out of step: looking for the next header

    def feed(self, data: bytes) -> None:
        """Take the next piece of the stream, of any size."""
        if self._at < len(self._buffer):
            self._buffer = self._buffer[self._at :] + data
        else:
            self._buffer = data
        self._at = 0

    def next(self) -> Frame | None:
        """Give the next body, `DESYNC` where bytes were skipped, or None: feed more."""
        if self._body is not None:
            return self._grow_body(self._body)
        if self._scanning and not self._find_header():
            return None
        buffer, start = self._buffer, self._at
        # What nearly every client sends, without a regular expression.
        end = buffer.find(b"\r\n\r\n", start, start + 64)
        digits = buffer[start + len(_USUAL) : end] if end > 0 else b""
        if digits.isdigit() and len(digits) <= 9 and buffer.startswith(_USUAL, start):
            return self._take_body(end + 4, int(digits))
        return self._read_header()

    def reject(self, body: bytes | bytearray) -> None:
        """Say that `body`, just given by `next`, is no message.

        Its length may have been wrong, so the next header is looked for inside it first.
        """
        self._buffer = bytes(body) + self._buffer[self._at :]
        self._at = 0
        self._scanning = True

    def _read_header(self) -> Frame | None:
        buffer, start = self._buffer, self._at
        end = _HEADER_END.search(buffer, start, start + MAX_HEADER)
        if end is None:
            if len(buffer) - start < MAX_HEADER:
                return None
            self._at = start + 1  # or the same beginning would be found again, for ever
            self._scanning = True
            return DESYNC
        lengths = set()
        for line in bytes(buffer[start : end.start()]).split(b"\n"):
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length":
                lengths.add(value.strip())
        value = lengths.pop() if len(lengths) == 1 else b""
        # The cap on digits comes first: int() refuses numbers of thousands of digits.
        if value.isdigit() and len(value) <= 10 and int(value) <= MAX_BODY:
            return self._take_body(end.end(), int(value))
        blank = not bytes(buffer[start : end.start()]).strip()
        if value or lengths:
            self._at = end.end()  # the line is there and bad: look behind it
        elif blank:
            self._at = end.end()
            return self.next()
        self._scanning = True
        return DESYNC

    def _take_body(self, at: int, length: int) -> Frame | None:
        stop = at + length
        if stop <= len(self._buffer):
            self._at = stop
            return self._buffer[at:stop]
        self._at = at
        self._body = bytearray()
        self._missing = length
        return self._grow_body(self._body)

    def _grow_body(self, body: bytearray) -> Frame | None:
        known = len(body)
        piece = memoryview(self._buffer)[self._at : self._at + self._missing]
        self._at += len(piece)
        self._missing -= len(piece)
        body += piece
        piece.release()
        lost_at = _embedded_header(body, max(0, known - _LONGEST_LINE))
        if lost_at is not None:
            self._buffer = bytes(body[lost_at:]) + self._buffer[self._at :]
            self._at = 0
            self._missing = 0
            self._body = None
            return DESYNC
        if self._missing:
            self._buffer, self._at = b"", 0
            return None
        self._body = None
        return body

    def _find_header(self) -> bool:
        found = _LENGTH_LINE.search(self._buffer, self._at)
        if found is None:
            # The beginning of a header may be the last thing that arrived.
            self._at = max(self._at, len(self._buffer) - _LONGEST_LINE)
            return False
        self._at = found.start()
        self._scanning = False
        return True


def _embedded_header(body: bytearray, start: int) -> int | None:
    """Where the header of another message begins inside `body`, if one does.

    JSON writes line ends inside strings as escapes, so a raw header line cannot be part of it.
    """
    if body.find(b"\r", start) < 0:
        return None  # nearly always so, and one byte is found fifty times as fast as four
    end = body.find(b"\r\n\r\n", start)
    while end >= 0:
        found = _LENGTH_LINE.search(body, max(0, end - _LONGEST_LINE), end + 2)
        if found is not None:
            return found.start()
        end = body.find(b"\r\n\r\n", end + 4)
    return None
