"""Work under one key, and the entries in which it stands in a queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from promptls.jobs.model import JobStatus, LaneName, Priority, Status

if TYPE_CHECKING:
    from collections.abc import Hashable

    from promptls.jobs.job import Job

Work = Callable[[list[Any]], Sequence[object]]
"""Takes the arguments of an entry's items and gives one result for each, in order."""
Retry = Callable[[Any], float | None]
"""Judges a result: None if it is final, else the seconds before which a try is of no use."""


@dataclass(eq=False, slots=True)
class Item:
    """The work under one key, from its submission to its end.

    While it is queued it belongs to its lane's lock; otherwise only its loop, or the thread that
    runs it, changes it.
    """

    id: int
    key: Hashable
    label: str
    lane: LaneName
    entry: Entry
    argument: object
    queued_at: float
    retry: Retry | None = None
    status: Status = Status.QUEUED
    tries: int = 0
    started_at: float | None = None
    finished_at: float | None = None
    next_try: float | None = None
    error: str | None = None
    jobs: dict[Job[Any], None] = field(default_factory=dict)
    """Who waits for it, in the order in which they came."""

    def snapshot(self) -> JobStatus:
        """Tell how it stands now."""
        return JobStatus(
            self.id,
            self.label,
            self.lane,
            self.entry.priority,
            self.status,
            self.tries,
            self.queued_at,
            self.started_at,
            self.finished_at,
            self.error,
            self.next_try,
        )


@dataclass(eq=False, slots=True)
class Entry:
    """What a thread takes from a queue in one go. It is queued once; a retry is another entry."""

    order: tuple[int, int]
    """First in, first out; the second number tells apart what one entry was split into."""
    priority: Priority
    work: Work
    items: list[Item] = field(default_factory=list)
    """Those that still wait."""

    def take(self) -> list[Item]:
        """Take the items, all that there are."""
        taken, self.items = self.items, []
        return taken

    def split(self, items: list[Item]) -> list[Entry]:
        """Give one entry for each of the items, at the same place in the queue."""
        entries = []
        for index, item in enumerate(items):
            item.entry = Entry((self.order[0], index), self.priority, self.work, [item])
            entries.append(item.entry)
        return entries
