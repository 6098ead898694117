"""From the bytes of an answer to its text."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

_LOOKED_AT = 8192
"""Bytes in which a NUL makes an answer binary, as git has it for files."""
_BINARY = re.compile(
    r"(?:audio|font|image|model|video)/(?!svg\+xml).*"
    r"|application/(?:pdf|wasm|zip|gzip|zstd|x-(?:tar|gzip|bzip2?|xz|7z-compressed)|vnd\.rar"
    r"|java-archive|msword|epub\+zip|vnd\.(?:openxmlformats|ms-|oasis\.opendocument).*)"
)
"""Media types that hold no text. `application/octet-stream` is what servers say of files that they
do not know, so that the bytes decide."""
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([^\s"';]+)""", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf-16", "utf-32")
_NO_CHARSETS = frozenset(
    ("idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape")
)
"""Python's codecs that are no encodings of a text on the web; some are slow on long ones."""


class Decoded(NamedTuple):
    """The text of an answer."""

    text: str
    charset: str
    """What it was read as."""
    exact: bool
    """False: some bytes mean nothing in that charset, and stand as U+FFFD."""


def is_binary_type(content_type: str) -> bool:
    """Whether a Content-Type says that there is no text."""
    return _BINARY.fullmatch(content_type.partition(";")[0].strip().lower()) is not None


def charset_of(content_type: str) -> str | None:
    """The charset that a Content-Type names."""
    match = _CHARSET.search(content_type)
    return match[1].lower() if match else None


def decode(body: bytes, charset: str | None) -> Decoded | None:
    """Read a body by its byte order mark, else by its charset, else as UTF-8. None: binary."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return _decode(body[len(mark) :], name)
    name = _codec(charset) or "utf-8"
    if not name.startswith(_WIDE) and b"\0" in body[:_LOOKED_AT]:
        return None
    return _decode(body, name)


def _decode(body: bytes, name: str) -> Decoded:
    try:
        return Decoded(body.decode(name), name, True)
    except UnicodeError:
        return Decoded(body.decode(name, "replace"), name, False)


def _codec(charset: str | None) -> str | None:
    if charset is None:
        return None
    try:
        name = codecs.lookup(charset).name
        "".encode(name)  # some codecs are no text encodings
    except (LookupError, ValueError, UnicodeError):
        return None
    return None if name.replace("_", "-") in _NO_CHARSETS else name
