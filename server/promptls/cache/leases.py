"""Leases among the threads of one process, where there is no database to agree in."""

from __future__ import annotations

import threading
from collections.abc import Callable


class LocalLeases:
    """Who does what, and until when by a clock in seconds. Safe to use from several threads."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._leases: dict[str, tuple[str, float]] = {}

    def acquire(self, key: str, owner: str, seconds: float) -> bool:
        """Take a lease that nobody has, or lengthen one's own."""
        now = self._monotonic()
        with self._lock:
            self._leases = {name: one for name, one in self._leases.items() if one[1] > now}
            holder = self._leases.get(key)
            if holder is not None and holder[0] != owner:
                return False
            self._leases[key] = (owner, now + seconds)
            return True

    def release(self, key: str, owner: str) -> None:
        """Give a lease back, if it is still the owner's."""
        with self._lock:
            holder = self._leases.get(key)
            if holder is not None and holder[0] == owner:
                del self._leases[key]
