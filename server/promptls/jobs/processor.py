"""Work in the background of an event loop."""

from __future__ import annotations

import asyncio
import itertools
import random as random_numbers
import time
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final, TypeVar

from promptls.jobs.backoff import DEFAULT_BACKOFF, Backoff, CallLater, Timer
from promptls.jobs.gate import Gate
from promptls.jobs.groups import Groups
from promptls.jobs.history import History
from promptls.jobs.item import Entry, Item, Retry, Work
from promptls.jobs.job import Job
from promptls.jobs.lane import Ended, Lane, checkpoint
from promptls.jobs.mailbox import Mailbox
from promptls.jobs.model import JobStatus, LaneName, Priority, Status
from promptls.jobs.notifier import Notifier
from promptls.jobs.outcome import CANCELLED, Again, Failure, Outcome

T = TypeVar("T")
Argument = TypeVar("Argument")

THREADS: Final[dict[LaneName, int]] = {"compute": 2, "network": 8}
BATCH: Final = 16
"""Items of an entry: enough that a hop between threads does not count, few enough to share."""
_POLL: Final = 0.005
"""Seconds between two looks at whether the threads have ended."""


class BackgroundProcessor:
    """Runs work on threads of its own and gives the results to the loop.

    Everything belongs to the thread of one running loop, except `checkpoint`, which is for work.
    Work is joined by its key: equal keys that are queued or running are the same work, and what
    was said first (function, label, lane, retry) holds. Results come many at a time, so that the
    loop has little to do however many jobs there are.

    `on_change` is called on the loop after jobs have changed, once for all that changed together.
    `clock` gives seconds since 1970, `random` numbers from 0 to 1; `call_later` is by default the
    loop's.
    """

    def __init__(
        self,
        on_change: Callable[[], None] | None = None,
        *,
        backoff: Backoff = DEFAULT_BACKOFF,
        clock: Callable[[], float] = time.time,
        random: Callable[[], float] = random_numbers.random,
        call_later: CallLater | None = None,
    ) -> None:
        self._backoff = backoff
        self._clock = clock
        self._random = random
        self._call_later = call_later
        self._gate = Gate()
        self._lanes: dict[LaneName, Lane] = {}
        self._mailbox: Mailbox[Ended] | None = None
        self._ids = itertools.count(1)
        self._orders = itertools.count()
        self._in_flight: dict[Hashable, Item] = {}
        self._timers: dict[Item, Timer] = {}
        self._groups = Groups()
        self._history = History()
        self._notifier = Notifier(on_change)
        self._stopped = False

    def submit(
        self,
        key: Hashable,
        work: Callable[[], T],
        *,
        priority: Priority,
        label: str,
        lane: LaneName = "compute",
        supersedes: Hashable | None = None,
        retry: Callable[[T], float | None] | None = None,
    ) -> Job[T]:
        """Have `work` done on a thread of `lane`, or join the work of that key under way.

        Joining with a better priority moves queued work up. `supersedes` names a group: the jobs
        submitted for it before, other than of the same work, are cancelled. Work that raises
        `Transient` is tried again; so is work whose result `retry`, called on the same thread,
        answers with seconds to wait at least, and the last result stands when tries run out.
        After `shutdown` the job is cancelled from the start.
        """
        if self._stopped:
            return self._refuse(key, priority, label, lane)
        item = self._in_flight.get(key)
        if item is None:
            entry = self._entry(priority, lambda _: [work()])
            item = self._enlist(key, None, entry, label, lane, retry)
            job: Job[T] = self._join(item)
            self._push(lane, [entry])
        else:
            self._lanes[item.lane].promote(item, priority)
            job = self._join(item)
        if supersedes is not None:
            for older in self._groups.join(supersedes, job):
                older.cancel()
        return job

    def submit_many(
        self,
        items: Sequence[tuple[Hashable, Argument]],
        work: Callable[[list[Argument]], list[T]],
        *,
        priority: Priority,
        label: str,
        lane: LaneName = "compute",
        batch: int = BATCH,
    ) -> list[Job[T]]:
        """Have `work` done for (key, argument) pairs, up to `batch` of them in one call.

        Gives a job for each pair, in order. Each key is worked on once, and not again if it is
        under way. `work` gives one result for each argument, in order; where it raises for
        several, it is called for each of them alone.
        """
        if self._stopped:
            return [self._refuse(key, priority, label, lane) for key, _ in items]
        jobs: list[Job[T]] = []
        entries: list[Entry] = []
        for key, argument in items:
            item = self._in_flight.get(key)
            if item is None:
                if not entries or len(entries[-1].items) >= batch:
                    entries.append(self._entry(priority, work))
                item = self._enlist(key, argument, entries[-1], label, lane, None)
            elif item.entry.priority > priority:
                self._lanes[item.lane].promote(item, priority)
            jobs.append(self._join(item))
        if entries:
            self._push(lane, entries)
        return jobs

    def hold(self, seconds: float) -> None:
        """Let compute work pause for so long from now: somebody is typing.

        However often it is renewed, something goes on at least every quarter of a second.
        """
        self._gate.hold(seconds)

    @staticmethod
    def checkpoint() -> None:
        """Pause here while work is held up; for work to call between its pieces.

        Raises `JobStopped` once the processor shuts down. Does nothing on a thread that is no
        processor's.
        """
        checkpoint()

    def snapshot(self) -> list[JobStatus]:
        """Tell of the jobs under way, the oldest first, then of the last finished ones."""
        return [*(item.snapshot() for item in self._in_flight.values()), *self._history.last]

    def counts(self) -> dict[Status, int]:
        """Count the jobs by status: those under way, and all that have finished."""
        counts = dict.fromkeys(Status, 0) | self._history.totals
        for item in self._in_flight.values():
            counts[item.status] += 1
        return counts

    async def shutdown(self, wait: float = 2.0) -> None:
        """Cancel what has not begun; let the rest stop or end within `wait` seconds.

        What has not ended by then is cancelled too, and its result dropped; its thread is a
        daemon. May be called again.
        """
        self._stopped = True
        self._gate.open()
        for lane in self._lanes.values():
            lane.close()
        for item in list(self._in_flight.values()):
            if self._take_back(item):
                self._settle(item, CANCELLED)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait
        try:
            while loop.time() < deadline and not all(lane.ended for lane in self._lanes.values()):
                await asyncio.sleep(_POLL)
        finally:
            if self._mailbox is not None:
                self._mailbox.flush()
            for item in list(self._in_flight.values()):
                self._settle(item, CANCELLED)
            self._notifier.changed()

    def _entry(self, priority: Priority, work: Work) -> Entry:
        return Entry((next(self._orders), 0), priority, work)

    def _enlist(
        self,
        key: Hashable,
        argument: object,
        entry: Entry,
        label: str,
        lane: LaneName,
        retry: Retry | None,
    ) -> Item:
        item = Item(next(self._ids), key, label, lane, entry, argument, self._clock(), retry)
        entry.items.append(item)
        self._in_flight[key] = item
        return item

    def _join(self, item: Item) -> Job[Any]:
        job: Job[Any] = Job(item, self._withdraw)
        item.jobs[job] = None
        return job

    def _refuse(self, key: Hashable, priority: Priority, label: str, lane: LaneName) -> Job[Any]:
        entry = self._entry(priority, lambda _: [])
        job: Job[Any] = Job(
            Item(next(self._ids), key, label, lane, entry, None, self._clock()), self._withdraw
        )
        job.settle(CANCELLED)
        return job

    def _push(self, name: LaneName, entries: Sequence[Entry]) -> None:
        lane = self._lanes.get(name)
        if lane is None:
            if self._mailbox is None:
                self._mailbox = Mailbox(asyncio.get_running_loop(), self._receive)
            gate = self._gate if name == "compute" else None
            lane = Lane(name, THREADS[name], gate, self._clock, self._mailbox.post)
            self._lanes[name] = lane
        lane.push(entries)
        self._notifier.changed()

    def _withdraw(self, job: Job[Any]) -> None:
        item = job.item
        del item.jobs[job]
        self._groups.leave(job)
        job.settle(CANCELLED)
        if not item.jobs and self._take_back(item):
            self._settle(item, CANCELLED)
            self._notifier.changed()

    def _take_back(self, item: Item) -> bool:
        """Keep an item from being begun; False if it runs."""
        timer = self._timers.pop(item, None)
        if timer is None:
            return self._lanes[item.lane].withdraw(item)
        timer.cancel()
        return True

    def _receive(self, tries: list[Ended]) -> bool:
        for item, outcome, at in tries:
            if item.status is not Status.RUNNING:
                continue  # it was given up at the shutdown
            if not isinstance(outcome, Again):
                self._settle(item, outcome, at)
            elif not item.jobs or self._stopped:
                self._settle(item, CANCELLED, at)
            elif item.tries >= self._backoff.tries:
                self._settle(item, outcome.last(), at)
            else:
                self._retry_later(item, outcome)
        self._notifier.changed()
        return bool(self._in_flight)

    def _retry_later(self, item: Item, again: Again) -> None:
        delay = self._backoff.delay(item.tries, again.retry_after, self._random)
        item.status = Status.RETRYING
        item.error = again.error_type
        item.next_try = self._clock() + delay
        call_later = self._call_later or asyncio.get_running_loop().call_later
        self._timers[item] = call_later(delay, lambda: self._retry(item))

    def _retry(self, item: Item) -> None:
        del self._timers[item]
        item.status = Status.QUEUED
        item.next_try = None
        item.entry = self._entry(item.entry.priority, item.entry.work)
        item.entry.items.append(item)
        self._push(item.lane, [item.entry])

    def _settle(self, item: Item, outcome: Outcome, at: float | None = None) -> None:
        """Bring an item to its end, and release all who wait for it."""
        item.status = outcome.status
        item.finished_at = self._clock() if at is None else at
        item.next_try = None
        item.error = outcome.error_type if isinstance(outcome, Failure) else None
        del self._in_flight[item.key]
        self._history.add(item.snapshot())
        jobs = list(item.jobs)
        item.jobs.clear()
        for job in jobs:
            self._groups.leave(job)
            job.settle(outcome)
