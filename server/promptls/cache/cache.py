"""The cache as its users see it: memory first, then the database, written behind their back."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from promptls.cache.gateway import Gateway, RefusedError
from promptls.cache.leases import LocalLeases
from promptls.cache.location import locate
from promptls.cache.problems import Problem
from promptls.cache.records import (
    CountKey,
    CountRecord,
    FetchKey,
    FetchRecord,
    FileRecord,
    Key,
    Level,
)
from promptls.cache.shelf import K, R, Shelf
from promptls.cache.shelves import Shelves
from promptls.cache.stats import CacheStats
from promptls.cache.writer import Writer

if TYPE_CHECKING:
    from promptls.cache.database import Database

logger = logging.getLogger(__name__)

MAX_BYTES = 256_000_000
"""What the database may take before it is pruned."""
MAX_AGE = 30 * 86_400.0
"""Seconds without use after which a record is removed."""
_RELEASE_TIMEOUT = 2.0
"""Seconds that giving a lease back waits for what was put under it."""


def _ignore(_problem: Problem) -> None:
    """Nobody wants to know."""


class Cache:
    """Records in memory and in a database. Safe to use from several threads.

    Nothing here raises for a database that is missing, locked, full, damaged or too new: it goes
    on in memory, tells `on_problem` once (from any thread; it must not raise), and tries again
    after a minute. Putting never waits. What asks the database (a `get_*` that memory does not
    answer, leases, `open`) may wait for it, two seconds and more when others hold it: not for the
    way of a keystroke. The first of them imports SQLAlchemy, which takes 0.2 s.
    """

    def __init__(
        self,
        url: str | None = None,
        folder: Path | None = None,
        *,
        on_problem: Callable[[Problem], None] = _ignore,
        max_bytes: int = MAX_BYTES,
        max_age: float = MAX_AGE,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is opened yet.

        `url`: `sqlite:///file` or `postgresql://…`; `memory`: no database; None or "": the file
        promptls-cache.sqlite3 in `folder`, or else in the user's cache folder.
        """
        self._max_bytes = max_bytes
        self._max_age = max_age
        self._clock = clock
        self._location = locate(url, folder)
        self._shelves = Shelves(self._location)
        self._leases = LocalLeases(monotonic)
        self._gateway: Gateway | None = None
        self._writer: Writer | None = None
        if self._location is not None:
            self._gateway = Gateway(self._location, on_problem, monotonic)
            self._writer = Writer(self._shelves, self._gateway, self.prune, max_bytes)

    @classmethod
    def in_memory(cls) -> Cache:
        """A cache without a database."""
        return cls("memory")

    def open(self) -> bool:
        """Open the database now rather than when it is needed; False when it cannot be opened."""
        return self._gateway is not None and self._gateway.open()

    def get_count(self, key: CountKey) -> tuple[CountRecord, Level] | None:
        """A count, with where it was found."""
        return self.get_counts((key,)).get(key)

    def get_counts(self, keys: Iterable[CountKey]) -> dict[CountKey, tuple[CountRecord, Level]]:
        """Those counts that are known; many cost few queries."""
        return self._get(self._shelves.counts, keys, lambda base, asked: base.counts(asked))

    def put_count(self, record: CountRecord) -> None:
        """Keep a count."""
        self._put(self._shelves.counts, record.key, replace(record, used_at=self._clock()))

    def get_files(self, paths: Iterable[str]) -> dict[str, FileRecord]:
        """Those files that are known, whatever their stamp is by now; many cost few queries."""
        found = self._get(self._shelves.files, paths, lambda base, asked: base.files(asked))
        return {path: record for path, (record, _level) in found.items()}

    def put_file(self, record: FileRecord) -> None:
        """Keep what a file held."""
        self._put(self._shelves.files, record.key, replace(record, used_at=self._clock()))

    def get_fetch(self, key: FetchKey) -> tuple[FetchRecord, Level] | None:
        """The last answer to a request, fresh or not.

        One in memory that has expired gives way to a newer one that another process has fetched.
        """
        shelf = self._shelves.fetches
        known = self._get(shelf, (key,), lambda base, asked: base.fetches(asked)).get(key)
        if known is None or known[1] == "database" or known[0].expires_at > self._clock():
            return known
        other = self._ask(shelf, [key], lambda base, asked: base.fetches(asked)).get(key)
        if other is None or other.fetched_at <= known[0].fetched_at:
            return known
        with self._shelves.lock:
            latest = shelf.find(key, self._clock())
            if latest is not None and latest.fetched_at >= other.fetched_at:
                return latest, "memory"
            shelf.keep(key, other)
            return other, "database"

    def put_fetch(self, record: FetchRecord) -> None:
        """Keep an answer; a shared database never gets one that was given to its asker alone."""
        self._put(self._shelves.fetches, record.key, replace(record, used_at=self._clock()))

    def touch(self, keys: Iterable[Key]) -> None:
        """Note that records were used which their user had kept by itself."""
        with self._shelves.lock:
            for key in keys:
                self._shelves.touch(key, self._clock())
            self._notice()

    def invalidate(self, keys: Iterable[Key]) -> None:
        """Forget records, in the database too."""
        with self._shelves.lock:
            for key in keys:
                self._shelves.remove(key)
            self._notice()

    def acquire_lease(self, key: str, owner: str, seconds: float) -> bool:
        """Take a piece of work that all processes would else do; False when another does it.

        It is the owner's until it is given back or `seconds` (an hour at most) have passed. When
        the database does not answer, only the threads of this process agree.
        """
        if self._gateway is not None:
            now = self._clock()
            taken = self._write(lambda base: base.acquire_lease(key, owner, now, seconds))
            if taken is not None:
                return bool(taken)
        return self._leases.acquire(key, owner, seconds)

    def release_lease(self, key: str, owner: str) -> None:
        """Give work back. What was put before is in the database by then, for those who waited."""
        self._leases.release(key, owner)
        if self._gateway is not None:
            self.flush(_RELEASE_TIMEOUT)
            self._write(lambda base: base.release_lease(key, owner))

    def flush(self, timeout: float) -> bool:
        """Wait until all that was put is written; False when it is not after `timeout` seconds."""
        return self._writer is None or self._writer.flush(timeout)

    def close(self, timeout: float = 2.0) -> bool:
        """Write what is left and close; False when something is left after `timeout` seconds."""
        done = self._writer is None or self._writer.close(timeout)
        if self._gateway is not None:
            self._gateway.close()
        with self._shelves.lock:
            logger.debug("cache closed: %s", self._shelves.traffic)
        return done

    def clear(self) -> int | None:
        """Forget everything; gives how many records the database had, None if it has them still."""
        with self._shelves.lock:
            self._shelves.clear()
        removed = self._write(lambda base: base.clear())
        if removed:
            self._write(lambda base: base.shrink())
        return removed

    def prune(self) -> int | None:
        """Remove what is old, or too much; gives how many records, None without a database."""

        def prune(base: Database) -> int:
            from promptls.cache.pruning import prune

            return prune(base, self._max_bytes, self._max_age, self._clock())

        return self._write(prune)

    def stats(self) -> CacheStats:
        """The state of the cache."""
        gateway = self._gateway
        with self._shelves.lock:
            own, untold = self._shelves.traffic, self._shelves.untold
        if gateway is None:
            return CacheStats("memory", own, None, {}, None, ())
        seen = gateway.read(lambda base: (base.traffic(), base.rows(), base.size()))
        shown = gateway.location.shown
        if seen is None:
            return CacheStats(shown, own, None, {}, None, gateway.problems)
        traffic, rows, size = seen
        return CacheStats(shown, own, traffic + untold, rows, size, gateway.problems)

    def _get(
        self,
        shelf: Shelf[K, R],
        keys: Iterable[K],
        ask: Callable[[Database, list[K]], dict[K, R]],
    ) -> dict[K, tuple[R, Level]]:
        found: dict[K, tuple[R, Level]] = {}
        missing: list[K] = []
        now = self._clock()
        with self._shelves.lock:
            for key in keys:
                record = shelf.find(key, now)
                if record is not None:
                    found[key] = record, "memory"
                else:
                    missing.append(key)
            removals = shelf.removals
        in_memory = len(found)
        loaded = self._ask(shelf, missing, ask) if missing else {}
        with self._shelves.lock:
            for key, record in loaded.items():
                found[key] = shelf.put_loaded(key, record, now, removals), "database"
            missed = len(missing) - len(loaded)
            self._shelves.add_traffic(memory=in_memory, database=len(loaded), missed=missed)
            self._notice()
        logger.debug(
            "asked: %d in memory, %d in database, %d missed", in_memory, len(loaded), missed
        )
        return found

    def _ask(
        self, shelf: Shelf[K, R], keys: list[K], ask: Callable[[Database, list[K]], dict[K, R]]
    ) -> dict[K, R]:
        """What the database has, of those keys that it may have."""
        if self._gateway is None:
            return {}
        with self._shelves.lock:
            asked = [key for key in keys if shelf.is_durable(key) and not shelf.is_gone(key)]
        return (self._gateway.read(lambda base: ask(base, asked)) or {}) if asked else {}

    def _put(self, shelf: Shelf[K, R], key: K, record: R) -> None:
        with self._shelves.lock:
            shelf.put(key, record)
            self._notice()

    def _notice(self) -> None:
        if self._writer is not None:
            self._writer.notice()

    def _write(self, change: Callable[[Database], int]) -> int | None:
        if self._gateway is None:
            return None
        try:
            return self._gateway.write(change)
        except RefusedError as error:
            logger.warning("the cache database refuses: %s", error)
            return None
