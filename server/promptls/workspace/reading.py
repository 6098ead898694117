"""Reads the text of a document from disk, as far as the access policy allows."""

from __future__ import annotations

import os
from enum import Enum, auto

from promptls.references.files.decoding import Decoder, kind_of
from promptls.references.files.opening import Opened, open_checked
from promptls.references.policy import AccessPolicy

BYTES_MAX = 1 << 20
"""Bytes of the largest document that is looked at before somebody opens it: reading one for its
structure cannot be interrupted, and takes half a second for so many."""


class Unread(Enum):
    """Why there is no text."""

    NONE = auto()
    """It is gone, not allowed, no regular file, or binary."""
    TOO_LARGE = auto()


def read_text(path: str, policy: AccessPolicy, bytes_max: int = BYTES_MAX) -> str | Unread:
    """Read a file as an editor would: all of it, without a byte order mark. Raises nothing."""
    opened = open_checked(path, policy)
    if not isinstance(opened, Opened):
        return Unread.NONE
    with opened:
        if opened.state.st_size > bytes_max:
            return Unread.TOO_LARGE
        try:
            # What has grown since then is read no further than it is allowed to grow.
            with os.fdopen(opened.handle, "rb", closefd=False) as file:
                data = file.read(bytes_max + 1)
        except OSError:
            return Unread.NONE
    if len(data) > bytes_max:
        return Unread.TOO_LARGE
    kind = kind_of(data)
    if not kind.encoding:
        return Unread.NONE
    return Decoder(kind).decode(data, final=True)
