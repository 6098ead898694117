"""Brings what threads have to say to the loop, many at a time."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final, Generic, TypeVar

T = TypeVar("T")

SLICE: Final = 64
"""How many are received at a time before the loop may do something else."""
REST: Final = 0.002
"""Seconds after a delivery in which what comes is gathered: many small jobs wake the loop once."""


class Mailbox(Generic[T]):
    """Posted to from any thread, received on the loop.

    `receive` answers whether more is to be expected soon, so that it pays to gather it.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, receive: Callable[[list[T]], bool]) -> None:
        self._loop = loop
        self._receive = receive
        self._lock = threading.Lock()
        self._waiting: deque[T] = deque()
        self._news = False
        self._scheduled = False

    def post(self, messages: Iterable[T] = ()) -> None:
        """Have `messages` received soon, or nothing but the news that something has changed."""
        with self._lock:
            self._waiting.extend(messages)
            self._news = True
            if self._scheduled:
                return
            self._scheduled = True
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._deliver)

    def flush(self) -> None:
        """Receive all that was posted up to now; on the loop."""
        with self._lock:
            messages = list(self._waiting)
            self._waiting.clear()
        self._receive(messages)

    def _deliver(self) -> None:
        with self._lock:
            messages = [self._waiting.popleft() for _ in range(min(SLICE, len(self._waiting)))]
            news, self._news = self._news, bool(self._waiting)
        expecting = True
        try:
            if news:
                expecting = self._receive(messages)
        finally:
            # After mere news there is no rest: the message that may follow is not to wait.
            self._continue(rest=expecting and bool(messages))

    def _continue(self, *, rest: bool) -> None:
        with self._lock:
            more = bool(self._waiting)
            at_once = more or (self._news and not rest)
            self._scheduled = at_once or rest
        if at_once:
            self._loop.call_soon(self._deliver)
        elif rest:
            self._loop.call_later(REST, self._deliver)
