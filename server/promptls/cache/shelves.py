"""All records in memory, under one lock that is never held for long."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import NamedTuple

from promptls.cache.location import Location
from promptls.cache.records import CountKey, CountRecord, FetchKey, FetchRecord, FileRecord, Key
from promptls.cache.shelf import Gone, Shelf, Used
from promptls.cache.stats import Traffic

_COUNT_BYTES = 16_000_000
_FILE_BYTES = 4_000_000
_FETCH_BYTES = 12_000_000


class Batch(NamedTuple):
    """Changes that are written together."""

    counts: dict[CountKey, CountRecord | Used | Gone]
    files: dict[str, FileRecord | Used | Gone]
    fetches: dict[FetchKey, FetchRecord | Used | Gone]
    traffic: Traffic

    def __len__(self) -> int:
        return len(self.counts) + len(self.files) + len(self.fetches)

    @property
    def weight(self) -> int:
        """Bytes of the records, about."""
        changes = (*self.counts.values(), *self.files.values(), *self.fetches.values())
        return sum(one.weight for one in changes if not isinstance(one, Used | Gone))

    def singles(self) -> list[Batch]:
        """A batch for each change."""
        none = Traffic()
        return [
            *(Batch({key: one}, {}, {}, none) for key, one in self.counts.items()),
            *(Batch({}, {key: one}, {}, none) for key, one in self.files.items()),
            *(Batch({}, {}, {key: one}, none) for key, one in self.fetches.items()),
        ]


class Shelves:
    """The three kinds of records, and what was asked for. Locked by those who use it."""

    def __init__(self, location: Location | None) -> None:
        self.lock = threading.Lock()
        self.waiting = threading.Condition(self.lock)
        """Notified when there is more to write."""
        durable = location is not None

        def is_durable(key: object) -> bool:
            return durable

        may_hold: Callable[[FetchKey], bool]
        may_hold = is_durable if location is None else location.may_hold
        self.counts: Shelf[CountKey, CountRecord] = Shelf(_COUNT_BYTES, is_durable)
        self.files: Shelf[str, FileRecord] = Shelf(_FILE_BYTES, is_durable)
        self.fetches: Shelf[FetchKey, FetchRecord] = Shelf(_FETCH_BYTES, may_hold)
        self.traffic = Traffic()
        """Of this process."""
        self._told = Traffic()
        """What of it the database has."""

    @property
    def pending(self) -> int:
        """How many changes the database does not have yet."""
        return len(self.counts) + len(self.files) + len(self.fetches)

    def add_traffic(
        self, *, memory: int = 0, database: int = 0, missed: int = 0, written: int = 0
    ) -> None:
        """Add to the traffic."""
        self.traffic += Traffic(memory, database, missed, written)

    def touch(self, key: Key, now: float) -> None:
        """Note that a record was used."""
        if isinstance(key, CountKey):
            self.counts.touch(key, now)
        elif isinstance(key, FetchKey):
            self.fetches.touch(key, now)
        else:
            self.files.touch(key, now)

    def remove(self, key: Key) -> None:
        """Forget a record."""
        if isinstance(key, CountKey):
            self.counts.remove(key)
        elif isinstance(key, FetchKey):
            self.fetches.remove(key)
        else:
            self.files.remove(key)

    def clear(self) -> None:
        """Forget every record; what was asked for up to now is not told any more."""
        self.counts.clear()
        self.files.clear()
        self.fetches.clear()
        self._told = self.traffic

    def take(self, limit: int) -> Batch:
        """The oldest changes, at most `limit` of each kind."""
        return Batch(
            self.counts.take(limit),
            self.files.take(limit),
            self.fetches.take(limit),
            self.untold,
        )

    def settle(self, batch: Batch) -> None:
        """Drop changes that the database has."""
        self.counts.settle(batch.counts)
        self.files.settle(batch.files)
        self.fetches.settle(batch.fetches)
        self._told += batch.traffic

    @property
    def untold(self) -> Traffic:
        """The traffic that the database does not have yet."""
        return self.traffic - self._told
