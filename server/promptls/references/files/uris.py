"""URIs and paths of files, and the one key that a file has."""

from __future__ import annotations

import os
import sys
from urllib.parse import quote, unquote, urlsplit


def to_uri(path: str) -> str:
    """The `file:` URI of an absolute path, as VS Code writes it."""
    text = path.replace(os.sep, "/")
    if not text.startswith("/"):
        text = "/" + text
    return "file://" + quote(os.fsencode(text), safe="/~!$&'()*+,;=@-._")


def from_uri(uri: str) -> str | None:
    """The path of a `file:` URI on this machine; None for any other."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme.lower() != "file" or parts.netloc.lower() not in ("", "localhost"):
        return None
    path = unquote(parts.path, errors="surrogateescape")
    if sys.platform == "win32" and path[2:3] == ":":
        path = path.lstrip("/")
    return path if path and "\0" not in path else None


def file_key(real_path: str, lines: tuple[int, int | None] | None = None) -> str:
    """Equal for all names of one file, given its real path; of some of its lines with `lines`."""
    key = os.path.normcase(real_path)
    if lines is None:
        return key
    first, last = lines
    return f"{key}#L{first}-" + ("" if last is None else f"L{last}")
