"""How a server's life goes: its phases, and an end that comes promptly whatever is going on."""

from __future__ import annotations

import asyncio
import enum
import logging
import os
import threading
import time
from typing import Final

GRACE: Final = 0.5
"""Seconds between the wish to end and the hard end of the process."""

logger = logging.getLogger(__name__)


class Phase(enum.Enum):
    """Where between `initialize` and `shutdown` the server stands."""

    CREATED = enum.auto()
    INITIALIZING = enum.auto()
    RUNNING = enum.auto()
    SHUT_DOWN = enum.auto()


class Ending:
    """Brings the process to its end, once, whichever thread asks and however busy the loop is."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, grace: float = GRACE) -> None:
        self.reached: asyncio.Future[None] = loop.create_future()
        self.shutdown_seen = False
        self._loop = loop
        self._grace = grace
        self._lock = threading.Lock()
        self._armed = False

    @property
    def code(self) -> int:
        """The exit code: 0 once the client has asked for `shutdown`, else 1."""
        return 0 if self.shutdown_seen else 1

    def end(self, reason: str) -> None:
        """Stop the loop; if it does not stop within the grace, end the process all the same."""
        self.arm(reason)
        try:
            self._loop.call_soon_threadsafe(self.stop)
        except RuntimeError:
            return  # the loop is closed: the end is under way

    def stop(self) -> None:
        """Let the loop finish; from the loop's thread only."""
        if not self.reached.done():
            self.reached.set_result(None)

    def arm(self, reason: str) -> None:
        """Start the watchdog, which ends the process after the grace."""
        with self._lock:
            if self._armed:
                return
            self._armed = True
        threading.Thread(target=self._watchdog, name="promptls-end", daemon=True).start()
        logger.info("ending: %s", reason)

    def _watchdog(self) -> None:
        time.sleep(self._grace)
        os._exit(self.code)
