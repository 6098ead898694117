"""Holds background work up for a moment while somebody types."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

LONGEST: Final = 0.25
"""Seconds that work is held up in a row, however often the hold is renewed."""
TURN: Final = 0.01
"""Seconds for which work goes on after that: little enough to type through."""


class Gate:
    """Closed for a time by `hold`. Safe to use from several threads.

    `clock` gives seconds that only grow; `sleep` waits for so many seconds.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self._clock = clock
        self._opened = threading.Event()
        self._sleep = sleep or self._opened.wait
        self._until = 0.0
        self._turn_until = 0.0

    def hold(self, seconds: float) -> None:
        """Stay closed for so long from now."""
        self._until = self._clock() + seconds

    def pass_through(self) -> None:
        """Return once the gate is open, or after `LONGEST`: then it is open for `TURN`."""
        now = self._clock()
        limit = now + LONGEST
        while self._turn_until <= now < self._until and not self._opened.is_set():
            if now >= limit:
                self._turn_until = now + TURN
                return
            self._sleep(min(self._until, limit) - now)
            now = self._clock()

    def open(self) -> None:
        """Let everything through from now on."""
        self._opened.set()
