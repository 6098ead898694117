"""Threads that take work from one queue, the most urgent first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from promptls.jobs.attempt import attempt, judge_error, judge_result
from promptls.jobs.errors import JobStopped
from promptls.jobs.gate import Gate
from promptls.jobs.item import Entry, Item
from promptls.jobs.model import LaneName, Priority, Status
from promptls.jobs.outcome import Again, Outcome
from promptls.jobs.queue import PriorityQueue


class Ended(NamedTuple):
    """A try that ended, at a time in seconds since 1970."""

    item: Item
    outcome: Outcome | Again
    at: float


class Lane:
    """Takes entries from the loop's thread and posts what became of their items.

    Its threads are daemons of its own and not those of a ThreadPoolExecutor, which the interpreter
    would wait for at its exit however long a source takes to answer. They are started as they are
    needed. An item is queued or begun under the lock, so that a job is cancelled or runs, never
    both.
    """

    def __init__(
        self,
        name: LaneName,
        threads: int,
        gate: Gate | None,
        clock: Callable[[], float],
        post: Callable[[Iterable[Ended]], None],
    ) -> None:
        self._name = name
        self._limit = threads
        self._gate = gate
        self._clock = clock
        self._post = post
        self._ready = threading.Condition(threading.Lock())
        self._queue = PriorityQueue()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._closed = False

    def push(self, entries: Sequence[Entry]) -> None:
        """Queue entries, unless the lane is closed."""
        with self._ready:
            self._enqueue(entries)

    def promote(self, item: Item, priority: Priority) -> None:
        """Let the entry of an item wait at `priority` if that is better, now or at a retry."""
        with self._ready:
            if priority >= item.entry.priority:
                return
            if item.status is Status.QUEUED:
                self._queue.promote(item.entry, priority)
            else:
                item.entry.priority = priority

    def withdraw(self, item: Item) -> bool:
        """Take an item out of the queue; False if it was begun before."""
        with self._ready:
            if item.status is not Status.QUEUED:
                return False
            if not self._closed:
                self._queue.remove(item)
            item.status = Status.CANCELLED
            return True

    def close(self) -> None:
        """Begin nothing more, and stop what runs at its next checkpoint."""
        with self._ready:
            self._closed = True
            self._queue.clear()
            self._ready.notify_all()

    @property
    def ended(self) -> bool:
        """Whether every thread has ended."""
        return not any(thread.is_alive() for thread in self._threads)

    def checkpoint(self) -> None:
        """Pause the thread while work is held up; raises JobStopped once the lane is closed."""
        if self._gate is not None and not self._closed:
            self._gate.pass_through()
        if self._closed:
            raise JobStopped

    def _enqueue(self, entries: Sequence[Entry]) -> None:
        if self._closed:
            return
        for entry in entries:
            self._queue.push(entry)
        self._ready.notify(len(entries))
        self._grow()

    def _grow(self) -> None:
        """Start one more thread if there is work for it; the next one is for that to start."""
        if self._queue and not self._idle and len(self._threads) < self._limit:
            name = f"promptls-{self._name}-{len(self._threads)}"
            thread = threading.Thread(target=self._run, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def _run(self) -> None:
        _here.lane = self
        while self._step():
            pass

    def _step(self) -> bool:
        """Run one entry; a function of its own, so that nothing of it is held while idle."""
        taken = self._take()
        if taken is None:
            return False
        entry, items = taken
        judged: Iterable[Outcome | Again]
        results = attempt(entry.work, [item.argument for item in items])
        if isinstance(results, list):
            judged = map(judge_result, items, results)
        elif len(items) > 1 and not isinstance(results, JobStopped):
            self._take_apart(entry, items)
            return True
        else:
            judged = (judge_error(results) for _ in items)
        now = self._clock()
        self._post([Ended(item, outcome, now) for item, outcome in zip(items, judged, strict=True)])
        return True

    def _take(self) -> tuple[Entry, list[Item]] | None:
        """Wait for an entry and begin it; None once the lane is closed."""
        while True:
            with self._ready:
                while not self._queue and not self._closed:
                    self._idle += 1
                    self._ready.wait()
                    self._idle -= 1
            # Taken only then, so that until then it can be cancelled and others can overtake it.
            if self._gate is not None and not self._closed:
                self._gate.pass_through()
            with self._ready:
                if self._closed:
                    return None
                entry = self._queue.pop()
                if entry is None:
                    continue
                items = entry.take()
                self._begin(items)
                self._grow()
            self._post(())
            return entry, items

    def _begin(self, items: list[Item]) -> None:
        now = self._clock()
        for item in items:
            item.status = Status.RUNNING
            item.started_at = now
            item.tries += 1

    def _take_apart(self, entry: Entry, items: list[Item]) -> None:
        """Queue the items of a batch that raised one by one, so that a bad one fails alone."""
        with self._ready:
            for item in items:
                item.status = Status.QUEUED
                item.started_at = None
                item.tries -= 1
            self._enqueue(entry.split(items))
        self._post(())


class _Here(threading.local):
    """Of which lane the current thread is."""

    lane: Lane | None = None


_here = _Here()


def checkpoint() -> None:
    """Let the work of the current thread pause or stop here; nothing on any other thread."""
    lane = _here.lane
    if lane is not None:
        lane.checkpoint()
