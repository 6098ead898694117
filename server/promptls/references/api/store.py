"""The last good answers at hand: in memory, and in the database of the cache."""

from __future__ import annotations

import threading

from cachetools import LRUCache

from promptls.cache import Cache, FetchKey, FetchRecord
from promptls.references.api.model import Answer, Held, digest_of

MEMORY_BYTES = 1 << 26
_OVERHEAD = 500
"""Bytes of an answer in memory beside its body, about."""


class AnswerStore:
    """Answers by what they depend on. Safe to use from several threads."""

    def __init__(self, cache: Cache | None) -> None:
        self._cache = cache
        self._lock = threading.Lock()
        self._memory: LRUCache[FetchKey, Answer] = LRUCache(MEMORY_BYTES, _weight)

    def find(self, key: FetchKey) -> Held | None:
        """The last good answer, however old."""
        with self._lock:
            answer = self._memory.get(key)
        return self.find_in_database(key) if answer is None else Held(answer, "memory")

    def find_in_database(self, key: FetchKey) -> Held | None:
        """The same, as another process may have left it."""
        if self._cache is None:
            return None
        found = self._cache.get_fetch(key)
        if found is None and not key.authorisation_hash:
            found = self._cache.get_fetch(_private(key))
        if found is None:
            return None
        record, level = found
        answer = Answer(
            status=record.status,
            body=record.body,
            charset=record.charset,
            etag=record.etag,
            last_modified=record.last_modified,
            fetched_at=record.fetched_at,
            expires_at=record.expires_at,
            storage="anywhere" if record.key == key else "private",
            digest=digest_of(record.body),
        )
        self._remember(key, answer)
        return Held(answer, level)

    def keep(self, key: FetchKey, answer: Answer) -> None:
        """Keep an answer where it may be kept."""
        self._remember(key, answer)
        if self._cache is None:
            return
        if answer.storage == "nowhere":
            self._cache.invalidate((key, _private(key)))
            return
        place = _private(key) if answer.storage == "private" else key
        self._cache.put_fetch(
            FetchRecord(
                *place,
                status=answer.status,
                body=answer.body,
                charset=answer.charset,
                etag=answer.etag,
                last_modified=answer.last_modified,
                fetched_at=answer.fetched_at,
                expires_at=answer.expires_at,
            )
        )

    def _remember(self, key: FetchKey, answer: Answer) -> None:
        if _weight(answer) > MEMORY_BYTES:
            return
        with self._lock:
            before = self._memory.get(key)
            if before is None or before.fetched_at <= answer.fetched_at:
                self._memory[key] = answer


def _weight(answer: Answer) -> int:
    return len(answer.body) + _OVERHEAD


def _private(key: FetchKey) -> FetchKey:
    """The key of an answer that is for its asker alone, though no secret was sent for it.

    The cache keeps what has an authorisation out of shared databases.
    """
    return key if key.authorisation_hash else key._replace(authorisation_hash="private")
