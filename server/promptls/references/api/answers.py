"""The last good answers of sources: in memory, in the database, from the source itself."""

from __future__ import annotations

import logging
import random
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cachetools import LRUCache

from promptls.cache import Cache, FetchKey
from promptls.references.api.decoding import charset_of
from promptls.references.api.freshness import lifetime_of
from promptls.references.api.joining import Joining
from promptls.references.api.model import Answer, Held, Lacking, Query, Reply, Trouble, digest_of
from promptls.references.api.network import Network
from promptls.references.api.retrying import ask
from promptls.references.api.store import AnswerStore
from promptls.references.model import Clock
from promptls.references.policy import Refusal

logger = logging.getLogger(__name__)

MIN_LIFETIME = 1.0
"""Seconds that every answer serves: what is asked for in one go is asked of the source once."""
_CLOCK_SKEW = 60.0
"""Seconds; an answer from further in the future was fetched under a wrong clock."""
_TURN_POLL: Final = 0.1
"""Seconds between two looks for the answer that another process asks for."""
_LEASE_MARGIN = 5.0
"""Seconds beyond the timeout until a process that asks is taken to be gone."""
_FIRST_DELAY = 15.0
"""Seconds until a source that is down is asked again; twice as many after each failure more."""
_REFUSED_DELAY = 300.0
"""The same for a source that answers but refuses (404, 401, …)."""
_MAX_DELAY = 1800.0
_FAILURES_MAX = 1000

OFFLINE = Refusal(
    "the network is switched off, and no earlier answer is known",
    "Switch the machine setting `network` on, or leave out `--no-network`.",
)


@dataclass(frozen=True, slots=True)
class _Failure:
    trouble: Trouble
    retry_at: float
    number: int
    """How many times in a row."""


class Answers:
    """Answers by what they depend on. Safe to use from several threads."""

    def __init__(
        self, cache: Cache | None, network: Network, clock: Clock, sleep: Callable[[float], None]
    ) -> None:
        self._cache = cache
        self._network = network
        self._clock = clock
        self._sleep = sleep
        self._owner = uuid.uuid4().hex
        self._lock = threading.Lock()
        self._store = AnswerStore(cache)
        self._failures: LRUCache[FetchKey, _Failure] = LRUCache(_FAILURES_MAX)
        self._doubted: dict[str, float] = {}
        """When contents were declared to be doubtful; earlier answers are to be confirmed."""
        self._all_doubted = 0.0
        self._flights: Joining[Held | Lacking | Refusal] = Joining()

    def get(self, query: Query, hosts: Sequence[str], *, online: bool) -> Held | Lacking | Refusal:
        """The answer to a query: from near by while it is fresh, else from its source.

        However many threads and processes ask for it, the source is asked once. Not `online`, an
        answer that is not fresh any more serves as a stale one.
        """
        held = self._near(query)
        if held is None or held.stale:
            if not online:
                return held or OFFLINE
            return self._flights.run(query.key, lambda: self._fetch(query, hosts))
        return held

    def known(self, query: Query) -> Answer | None:
        """The last good answer, however old. No source is asked."""
        held = self._store.find(query.key)
        return None if held is None else held.answer

    def invalidate(self, keys: frozenset[str] | None) -> None:
        """Have answers confirmed by their source before they serve again, by contents or all."""
        now = self._clock()
        with self._lock:
            if keys is None:
                self._all_doubted = now
                self._doubted.clear()
            else:
                # Some lines of a content are doubtful as all of it is.
                names = (key.partition("#L")[0] for key in keys if key.startswith("api:"))
                self._doubted |= dict.fromkeys(names, now)
            # What a source asked us to wait, we wait all the same.
            for key, failure in list(self._failures.items()):
                if failure.trouble.retry_after is None:
                    del self._failures[key]

    def _near(self, query: Query) -> Held | None:
        """The last good answer without asking its source; stale if that would be due."""
        held = self._store.find(query.key)
        if held is None:
            return None
        return held if self._is_fresh(query, held.answer) else replace(held, stale=True)

    def _is_fresh(self, query: Query, answer: Answer) -> bool:
        now = self._clock()
        with self._lock:
            doubted = max(self._all_doubted, self._doubted.get(query.content_key, 0.0))
        if answer.fetched_at <= doubted or answer.fetched_at > now + _CLOCK_SKEW:
            return False
        return now < fresh_until(query, answer)

    def _fetch(self, query: Query, hosts: Sequence[str]) -> Held | Lacking | Refusal:
        """Ask the source, unless somebody else just did or it is not its time."""
        held = self._near(query)
        if held is not None and not held.stale:
            return held
        with self._lock:
            failure = self._failures.get(query.key)
        if failure is not None and self._clock() < failure.retry_at:
            return _without_answer(held, failure)
        if self._cache is None:
            return self._ask(query, hosts, held)
        return self._take_turn(self._cache, query, hosts)

    def _take_turn(
        self, cache: Cache, query: Query, hosts: Sequence[str]
    ) -> Held | Lacking | Refusal:
        """Ask the source while no other process does, or take what that one brings home."""
        lease = f"fetch:{digest_of(repr(query.key).encode('utf-8', 'replace')).hex()}"
        give_up = time.monotonic() + query.timeout
        is_mine = False
        while not is_mine and time.monotonic() < give_up:
            is_mine = cache.acquire_lease(lease, self._owner, query.timeout + _LEASE_MARGIN)
            # Also when it is our turn at once: another may have had it a moment ago.
            other = self._store.find_in_database(query.key)
            if other is not None and self._is_fresh(query, other.answer):
                if is_mine:
                    cache.release_lease(lease, self._owner)
                return other
            if not is_mine:
                self._sleep(_TURN_POLL)
        try:
            return self._ask(query, hosts, self._near(query))
        finally:
            if is_mine:
                cache.release_lease(lease, self._owner)

    def _ask(
        self, query: Query, hosts: Sequence[str], held: Held | None
    ) -> Held | Lacking | Refusal:
        known = None if held is None else held.answer
        result = ask(query, hosts, self._network, known, self._clock, self._sleep)
        if isinstance(result, Refusal):
            return result
        if isinstance(result, Reply):
            answer = self._answer(query, result, known)
            if answer is not None:
                logger.debug("%s %s answered %d", query.method, query.content_key, result.status)
                self._store.keep(query.key, answer)
                with self._lock:
                    self._failures.pop(query.key, None)
                return Held(answer, "source")
            result = Trouble("answered 304 to a question without a condition", True, result.status)
        return self._fail(query, result, held)

    def _answer(self, query: Query, reply: Reply, known: Answer | None) -> Answer | None:
        now = self._clock()
        lifetime = lifetime_of(reply.headers, now)
        expires_at = lifetime.expires_at if query.ttl is None else now + query.ttl
        etag = reply.headers.get("etag")
        last_modified = reply.headers.get("last-modified")
        if reply.status != 304:
            return Answer(
                reply.status,
                reply.body,
                charset_of(reply.headers.get("content-type", "")),
                etag,
                last_modified,
                now,
                expires_at,
                lifetime.storage,
                digest_of(reply.body),
            )
        if known is None:
            return None
        return replace(
            known,
            etag=etag or known.etag,
            last_modified=last_modified or known.last_modified,
            fetched_at=now,
            expires_at=expires_at,
            storage=lifetime.storage if "cache-control" in reply.headers else known.storage,
        )

    def _fail(self, query: Query, trouble: Trouble, held: Held | None) -> Held | Lacking:
        with self._lock:
            before = self._failures.get(query.key)
            number = 1 if before is None else before.number + 1
            failure = _Failure(trouble, self._clock() + _delay(trouble, number), number)
            self._failures[query.key] = failure
        logger.info("%s %s %s", query.method, query.content_key, trouble.status or "no answer")
        return _without_answer(held, failure)


def fresh_until(query: Query, answer: Answer) -> float:
    """Seconds since 1970 up to which an answer serves without asking its source."""
    until = answer.expires_at if query.ttl is None else answer.fetched_at + query.ttl
    return max(until, answer.fetched_at + MIN_LIFETIME)


def _without_answer(held: Held | None, failure: _Failure) -> Held | Lacking:
    """The last good answer where the source is down; nothing where it refuses."""
    if held is None or not failure.trouble.passing:
        return Lacking(failure.trouble, failure.retry_at)
    return replace(held, stale=True, trouble=failure.trouble, retry_at=failure.retry_at)


def _delay(trouble: Trouble, number: int) -> float:
    """Seconds before a source is asked again; spread, for other windows ask it as well."""
    if trouble.retry_after is not None:
        return max(trouble.retry_after, MIN_LIFETIME)
    first = _FIRST_DELAY if trouble.passing else _REFUSED_DELAY
    delay: float = min(first * 2.0 ** min(number - 1, 20), _MAX_DELAY)
    return delay * random.uniform(0.8, 1.0)  # noqa: S311 - no secret
