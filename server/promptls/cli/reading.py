"""Reads the text of files that may be anything: huge, binary, gone, forbidden, a pipe."""

from __future__ import annotations

import codecs
import os
import stat
import sys
from pathlib import Path
from typing import BinaryIO, NamedTuple

from promptls.findings import CATALOGUE, Finding, Position, Range
from promptls.text.lines import count_breaks
from promptls.text.units import count_units

MAX_BYTES = 64 * 1024 * 1024
"""A larger file is no prompt: it would fill the largest window fifteen times over."""
_LOOKED_AT = 8192
"""Bytes in which a NUL makes a file binary, as git has it."""
_UTF_16 = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_START = Range.of(0, 0, 0, 0)

# Without O_NONBLOCK, a file that became a pipe since it was looked at would hold us up for ever.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Content(NamedTuple):
    """The text of a file."""

    text: str
    findings: tuple[Finding, ...] = ()
    """What was wrong with the bytes; positions in utf-16 code units."""


class Refused(NamedTuple):
    """A file whose text cannot be had."""

    finding: Finding


def read_file(path: Path, limit: int = MAX_BYTES) -> Content | Refused:
    """Read a regular file of at most `limit` bytes. Raises nothing, waits for nothing."""
    try:
        # Looked at before it is opened: opening some devices does something.
        if not stat.S_ISREG(path.stat().st_mode):
            return _refused("text/unreadable", "This is not a regular file, so it is not read.")
        handle = os.open(path, _FLAGS)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return _refused("text/unreadable", "This is not a regular file, so it is not read.")
            return read_stream(file, limit)
    except FileNotFoundError:
        return _refused("text/unreadable", "The file is not there, or no longer.")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return _refused("text/unreadable", f"The file cannot be read: {reason}.")


def read_stream(stream: BinaryIO, limit: int = MAX_BYTES) -> Content | Refused:
    """Read what a stream holds, at most `limit` bytes. Raises OSError where the stream does."""
    data = stream.read(limit + 1)
    if len(data) > limit:
        return _refused(
            "text/too-large", f"More than {limit:,} bytes: too large for a prompt, so not counted."
        )
    return decode(data)


def read_stdin(limit: int = MAX_BYTES) -> Content | Refused:
    """Read standard input to its end. Raises nothing."""
    if sys.stdin is None:
        return _refused("text/unreadable", "Standard input is closed.")
    try:
        return read_stream(sys.stdin.buffer, limit)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return _refused("text/unreadable", f"Standard input cannot be read: {reason}.")


def decode(data: bytes) -> Content | Refused:
    """Make text of bytes: UTF-16 where a BOM says so, else UTF-8; a BOM is not text."""
    for mark, encoding in _UTF_16:
        # Two NULs after the mark: that is the mark of UTF-32.
        if data.startswith(mark) and not data.startswith(codecs.BOM_UTF32_LE):
            return _decode_as(data.removeprefix(mark), encoding, "UTF-16")
    if b"\0" in data[:_LOOKED_AT]:
        return _refused("text/binary", "The file holds NUL bytes, so it is binary, not text.")
    return _decode_as(data.removeprefix(codecs.BOM_UTF8), "utf-8", "UTF-8")


def _decode_as(data: bytes, encoding: str, name: str) -> Content:
    try:
        return Content(data.decode(encoding))
    except UnicodeDecodeError as error:
        place = _end_of(data[: error.start].decode(encoding))
        message = (
            f"The bytes {data[error.start : error.end].hex(' ')} are not {name}; they and others "
            "like them count as U+FFFD: save the file as UTF-8"
        )
    range_ = Range(place, place._replace(character=place.character + 1))
    return Content(data.decode(encoding, "replace"), (_finding("text/not-utf8", range_, message),))


def _end_of(text: str) -> Position:
    line_start = max(text.rfind("\n"), text.rfind("\r")) + 1
    return Position(count_breaks(text), count_units(text[line_start:], "utf-16"))


def _refused(code: str, message: str) -> Refused:
    return Refused(_finding(code, _START, message))


def _finding(code: str, place: Range, message: str) -> Finding:
    return Finding(code, CATALOGUE[code].severity, place, message)
