"""Entries by priority, first in first out within one."""

from __future__ import annotations

import heapq
from typing import Final

from promptls.jobs.item import Entry, Item
from promptls.jobs.model import Priority

_DEAD_MAX: Final = 64
"""So many dead places are left alone; more are swept once they are the greater part."""


class PriorityQueue:
    """A heap in which entries that were emptied or promoted leave a dead place behind.

    Whoever uses it sees to it that only one thread does at a time.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[Priority, tuple[int, int], Entry]] = []
        self._dead = 0

    def __len__(self) -> int:
        """Count the entries that wait."""
        return len(self._heap) - self._dead

    def push(self, entry: Entry) -> None:
        """Add an entry behind the others of its priority."""
        heapq.heappush(self._heap, (entry.priority, entry.order, entry))

    def promote(self, entry: Entry, priority: Priority) -> None:
        """Move a waiting entry up to a better priority, behind what came before it there."""
        entry.priority = priority
        self.push(entry)
        self._bury()

    def remove(self, item: Item) -> None:
        """Take an item out of the entry in which it waits."""
        item.entry.items.remove(item)
        if not item.entry.items:
            self._bury()

    def pop(self) -> Entry | None:
        """Take the most urgent entry."""
        while self._heap:
            place = heapq.heappop(self._heap)
            if _alive(place):
                return place[2]
            self._dead -= 1
        return None

    def clear(self) -> None:
        """Forget everything."""
        self._heap.clear()
        self._dead = 0

    def _bury(self) -> None:
        self._dead += 1
        if self._dead > max(_DEAD_MAX, len(self._heap) // 2):
            self._heap = [place for place in self._heap if _alive(place)]
            heapq.heapify(self._heap)
            self._dead = 0


def _alive(place: tuple[Priority, tuple[int, int], Entry]) -> bool:
    priority, _, entry = place
    return priority is entry.priority and bool(entry.items)
