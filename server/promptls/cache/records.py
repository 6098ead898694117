"""What the cache keeps: plain values, which say nothing of what they mean to their owners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Level = Literal["memory", "database"]
"""Where a record was found."""

RECORD_OVERHEAD = 400
"""Bytes that a record takes beside its texts: Python's objects, or a row with its indexes."""


class CountKey(NamedTuple):
    """What a count is of."""

    content_hash: str
    encoding: str
    reading: str
    """"" for a raw text, else how it is read for references: dialect and grammar version."""


class FetchKey(NamedTuple):
    """One request of a source."""

    method: str
    url: str
    body_hash: str
    """"" when the request has no body."""
    authorisation_hash: str
    """"" when the request has no secrets; else the answer is for its asker alone."""


Key = CountKey | FetchKey | str
"""The key of a record; a text is the path of a FileRecord."""


@dataclass(frozen=True, slots=True)
class CountRecord:
    """The tokens of a content, with what is needed to join it to others."""

    content_hash: str
    encoding: str
    reading: str
    """As in CountKey."""
    tokens: int | None
    """Between the first and the last safe cut; None: there is none, `head` is all."""
    size: int
    """Bytes of the text in UTF-8."""
    head: str
    tail: str
    parts: bytes | None = None
    """The literal texts and references of the content, as their owner writes them."""
    used_at: float = 0.0
    """Seconds since 1970; the cache sets it."""

    @property
    def key(self) -> CountKey:
        """What the count is of."""
        return CountKey(self.content_hash, self.encoding, self.reading)

    @property
    def weight(self) -> int:
        """Bytes that it takes, about."""
        texts = len(self.head) + len(self.tail)
        return RECORD_OVERHEAD + texts + (0 if self.parts is None else len(self.parts))


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What a file held when it had this stamp: a file with the same stamp need not be read."""

    path: str
    stamp: str
    """Device, inode, size, mtime and ctime, as their owner writes them."""
    content_hash: str
    notices: str = ""
    """What reading it told, as its owner writes it."""
    used_at: float = 0.0
    """Seconds since 1970; the cache sets it."""

    @property
    def key(self) -> str:
        """The path."""
        return self.path

    @property
    def weight(self) -> int:
        """Bytes that it takes, about."""
        return RECORD_OVERHEAD + len(self.path) + len(self.stamp) + len(self.notices)


@dataclass(frozen=True, slots=True)
class FetchRecord:
    """The last good answer of a source."""

    method: str
    url: str
    body_hash: str
    authorisation_hash: str
    """As in FetchKey."""
    status: int
    body: bytes
    """Without any content encoding."""
    charset: str | None
    etag: str | None
    last_modified: str | None
    fetched_at: float
    """Seconds since 1970 when it was fetched or last confirmed."""
    expires_at: float
    """Seconds since 1970 up to which it is fresh."""
    used_at: float = 0.0
    """Seconds since 1970; the cache sets it."""

    @property
    def key(self) -> FetchKey:
        """The request that it answers."""
        return FetchKey(self.method, self.url, self.body_hash, self.authorisation_hash)

    @property
    def weight(self) -> int:
        """Bytes that it takes, about."""
        return RECORD_OVERHEAD + len(self.url) + len(self.body)
