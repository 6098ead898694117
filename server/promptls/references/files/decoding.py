"""Text out of bytes that come in pieces."""

from __future__ import annotations

import codecs
from typing import NamedTuple

LOOKED_AT = 8192
"""Bytes that tell what a file is: a NUL among them makes it binary, as git has it."""
_UTF_16 = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b\x08", "compressed with gzip"),
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ", "compressed with xz"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x89PNG", "a PNG image"),
    (b"\x7fELF", "a program"),
)
_CONTROL = bytes({*range(0x20)} - {*b"\a\b\t\n\v\f\r\x1b"})
_CONTROL_MAX = 0.1
"""The share of control characters from which on bytes are no text in any encoding."""


class Kind(NamedTuple):
    """What the bytes of a file are."""

    encoding: str
    """As Python calls it; "" for a binary file."""
    skip: int = 0
    """Bytes of the byte order mark."""
    reason: str = ""
    """Why it is binary, in words that go on with "it is"."""


def kind_of(head: bytes) -> Kind:
    """Tell a file by its first LOOKED_AT bytes (all of a shorter one)."""
    for mark, encoding in _UTF_16:
        # Two NULs behind the mark make it that of UTF-32.
        if head.startswith(mark) and not head.startswith(codecs.BOM_UTF32_LE):
            return Kind(encoding, len(mark))
    head = head[:LOOKED_AT]
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return Kind("", reason=name)
    if b"\0" in head:
        return Kind("", reason="not text: there are NUL bytes in it")
    if len(head) - len(head.translate(None, _CONTROL)) > len(head) * _CONTROL_MAX:
        return Kind("", reason="not text: it is full of control characters")
    return Kind("utf-8", len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0)


class Decoder:
    """Decodes pieces; what is not in the encoding becomes U+FFFD, as Python's `replace` does."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._begun = False
        make = codecs.getincrementaldecoder(kind.encoding)
        self._decoder = make("strict")
        self._lenient = make("replace")
        self.invalid = ""
        """The first bytes that were replaced, in hexadecimal; "" while there are none."""

    def decode(self, data: bytes, *, final: bool = False) -> str:
        """The text of the next piece."""
        if not self._begun:
            self._begun = True
            data = data[self._kind.skip :]
        if self.invalid:
            return self._decoder.decode(data, final)
        state = self._decoder.getstate()
        try:
            return self._decoder.decode(data, final)
        except UnicodeDecodeError as error:
            self.invalid = error.object[error.start : error.end].hex(" ")
            self._decoder = self._lenient
            self._decoder.setstate(state)
            return self._decoder.decode(data, final)
