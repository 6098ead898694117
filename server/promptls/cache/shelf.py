"""The records of one kind in memory, with those changes that the database does not have yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from itertools import islice
from typing import Generic, TypeVar

from cachetools import LRUCache

from promptls.cache.records import CountKey, CountRecord, FetchKey, FetchRecord, FileRecord

K = TypeVar("K", CountKey, FetchKey, str)
R = TypeVar("R", CountRecord, FetchRecord, FileRecord)

TOUCH_AFTER = 3600.0
"""Seconds after which another use of a record is written down: the age limit is in days."""
_PENDING_BYTES = 16_000_000
"""What may wait for a database that takes nothing; then the oldest is dropped."""


class Gone(Enum):
    """A record that is to be removed."""

    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Used:
    """A record that was used at this time (seconds since 1970)."""

    at: float


class Shelf(Generic[K, R]):
    """Bounded by bytes, and so by entries, since each has its overhead. Locked by its owner."""

    def __init__(self, max_bytes: int, is_durable: Callable[[K], bool]) -> None:
        self._memory: LRUCache[K, R] = LRUCache(max_bytes, getsizeof=lambda record: record.weight)
        self.is_durable: Callable[[K], bool] = is_durable
        """Whether the database may have a record of this key."""
        self._pending: dict[K, R | Used | Gone] = {}
        self._pending_bytes = 0
        self.removals = 0
        """How often records were removed: what was read before may be one of them."""

    def __len__(self) -> int:
        """How many changes the database does not have yet."""
        return len(self._pending)

    def find(self, key: K, now: float) -> R | None:
        """What is known of a key without the database."""
        record = self._memory.get(key)
        if record is None:
            waiting = self._pending.get(key)
            if waiting is None or isinstance(waiting, Used | Gone):
                return None
            record = waiting
        return self._refreshed(key, record, now)

    def is_gone(self, key: K) -> bool:
        """Whether the database has a record that it should not have any more."""
        return self._pending.get(key) is Gone.GONE

    def put(self, key: K, record: R) -> None:
        """Keep a record, and have it written; one that is larger than the shelf is not kept."""
        if record.weight > self._memory.maxsize:
            self.remove(key)
            return
        self.keep(key, record)
        if self.is_durable(key):
            self._forget_change(key)
            self._pending[key] = record
            self._pending_bytes += record.weight
            self._bound()

    def put_loaded(self, key: K, record: R, now: float, removals: int) -> R:
        """Keep what the database had when so much was removed; gives what is newest by now."""
        newer = self.find(key, now)
        if newer is not None:
            return newer
        if removals == self.removals:
            self.keep(key, record)
        return self._refreshed(key, record, now)

    def touch(self, key: K, now: float) -> None:
        """Note that a record was used; it need not be in memory."""
        record = self._memory.get(key)
        if record is not None:
            self._refreshed(key, record, now)
        elif key not in self._pending and self.is_durable(key):
            self._pending[key] = Used(now)

    def remove(self, key: K) -> None:
        """Forget a record, and have it removed."""
        self.removals += 1
        self._memory.pop(key, None)
        self._forget_change(key)
        if self.is_durable(key):
            self._pending[key] = Gone.GONE

    def clear(self) -> None:
        """Forget everything, what was to be written as well."""
        self.removals += 1
        self._memory.clear()
        self._pending.clear()
        self._pending_bytes = 0

    def take(self, limit: int) -> dict[K, R | Used | Gone]:
        """The oldest changes; they stay here until they are settled."""
        return dict(islice(self._pending.items(), limit))

    def settle(self, written: dict[K, R | Used | Gone]) -> None:
        """Drop changes that the database has, but not those that replaced them meanwhile."""
        for key, change in written.items():
            if self._pending.get(key) is change:
                self._forget_change(key)

    def keep(self, key: K, record: R) -> None:
        """Keep a record in memory alone."""
        if record.weight <= self._memory.maxsize:
            self._memory[key] = record

    def _refreshed(self, key: K, record: R, now: float) -> R:
        """The record, with the time of its use noted where the last one is long ago."""
        if abs(now - record.used_at) < TOUCH_AFTER:
            return record
        record = replace(record, used_at=now)
        if key in self._memory:
            self._memory[key] = record
        waiting = self._pending.get(key)
        if waiting is not None and not isinstance(waiting, Used | Gone):
            self._pending[key] = replace(waiting, used_at=now)
        elif waiting is not Gone.GONE and self.is_durable(key):
            self._pending[key] = Used(now)
        return record

    def _forget_change(self, key: K) -> None:
        change = self._pending.pop(key, None)
        if change is not None and not isinstance(change, Used | Gone):
            self._pending_bytes -= change.weight

    def _bound(self) -> None:
        while self._pending_bytes > _PENDING_BYTES:
            # What is to be removed stays: without it an old answer would come back.
            self._forget_change(
                next(key for key, change in self._pending.items() if change is not Gone.GONE)
            )
