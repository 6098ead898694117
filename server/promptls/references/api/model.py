"""What the parts of the API handler hand to each other."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from promptls.cache import FetchKey
from promptls.references.model import Level

DEFAULT_TIMEOUT = 10.0
"""Seconds for everything: look-up, redirects, tries and the pauses between them."""
DEFAULT_MAX_BYTES = 1_000_000
"""Bytes of an answer after decompression."""

Storage = Literal["nowhere", "private", "anywhere"]
"""Where an answer may be kept beside memory: `private` keeps out of shared databases."""


@dataclass(frozen=True, slots=True)
class Query:
    """One request as it is sent. What may hold a secret is left out of its repr."""

    name: str
    """The endpoint's name, or the URL without its query."""
    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    """Those that the endpoint names."""
    body: bytes | None = field(repr=False)
    timeout: float
    """Seconds."""
    max_bytes: int
    key: FetchKey
    """What the answer depends on; without secrets, which are in it as a hash."""
    content_key: str
    """Of the content that `extract` makes of the answer; without secrets and query."""
    uri: str | None
    """Where a reader can look at it, if it is a plain address."""
    extract: str | None = None
    ttl: float | None = None
    """Seconds that an answer is fresh, whatever it says itself."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The last good answer of a source."""

    status: int
    body: bytes = field(repr=False)
    """Without any content encoding."""
    charset: str | None
    etag: str | None
    last_modified: str | None
    fetched_at: float
    """Seconds since 1970 when it was fetched or last confirmed."""
    expires_at: float
    """Seconds since 1970 up to which it is fresh by its own headers."""
    storage: Storage
    digest: bytes
    """BLAKE2b-128 of the body."""


def digest_of(body: bytes) -> bytes:
    """What tells one body from another."""
    return hashlib.blake2b(body, digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for one query: a good answer, or 304."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Names in lower case."""
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no answer."""

    reason: str
    """The end of a sentence that begins with the source: `answered 503`."""
    passing: bool
    """The source is down or busy: trying again may help, and its last good answer still holds."""
    status: int | None = None
    retry_after: float | None = None
    """Seconds that the source asks us to wait."""
    tries: int = 1
    code: str = "reference/api-failed"


@dataclass(frozen=True, slots=True)
class Held:
    """A good answer, and how it stands with it."""

    answer: Answer
    level: Level
    stale: bool = False
    trouble: Trouble | None = None
    """Why there is no newer one."""
    retry_at: float | None = None
    """Seconds since 1970 when the source is asked again."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """There is no answer, and no earlier one that could stand in for it."""

    trouble: Trouble
    retry_at: float
    """Seconds since 1970 before which the source is not asked again."""
