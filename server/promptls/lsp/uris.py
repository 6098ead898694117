"""URIs and paths, and the one key that a file has whatever way its URI is written."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from promptls.references.files import uris


def to_path(uri: str) -> Path | None:
    """The path of a `file:` URI; None for any other (`untitled:`, a file in an archive)."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme.lower() != "file":
        return None
    path = unquote(parts.path, errors="surrogateescape")
    if "\0" in path:
        return None
    if sys.platform == "win32":
        path = path.lstrip("/") if path[2:3] == ":" else path
    if parts.netloc and parts.netloc.lower() != "localhost":
        path = f"//{parts.netloc}{path}"
    return Path(path) if path else None


def to_uri(path: Path) -> str:
    """The `file:` URI of an absolute path, as VS Code writes it."""
    return uris.to_uri(str(path))


def file_key(uri: str) -> str:
    """Equal for all URIs of one document.

    For a file: its path without percent-encoding, with the case that the file system gives it. It
    is not looked at whether the file is a link: the editor has it open under this name.
    """
    path = to_path(uri)
    return uri if path is None else os.path.normcase(os.path.normpath(path))
