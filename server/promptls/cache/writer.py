"""The thread that writes changes into the database, behind the back of those who make them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from promptls.cache.gateway import Gateway, RefusedError
from promptls.cache.shelves import Batch, Shelves
from promptls.cache.stats import Traffic

logger = logging.getLogger(__name__)

DELAY = 0.5
"""Seconds that changes wait for others to be written with them."""
BATCH = 500
"""Changes of a kind in one transaction; as many do not wait any longer."""
_PAUSE = 5.0
"""Seconds until changes are tried again that the database did not take."""
_PRUNE_AFTER = 10_000
"""Records after which the database is pruned, or a tenth of what it may hold in bytes."""


class Writer:
    """Writes in batches, each in one transaction. The thread begins with the first change."""

    def __init__(
        self, shelves: Shelves, gateway: Gateway, prune: Callable[[], object], max_bytes: int
    ) -> None:
        self._shelves = shelves
        self._gateway = gateway
        self._prune = prune
        self._prune_bytes = max_bytes // 10
        self._thread: threading.Thread | None = None
        self._is_closing = False
        self._wakes_at: int | None = None
        """How many changes the thread waits for; None while it works."""
        self._asked = 0
        self._answered = 0
        self._all_written = True
        self._bytes = self._prune_bytes + 1  # what is there from before is pruned first
        self._records = 0

    def notice(self) -> None:
        """Note that there is more to write. The lock of the shelves is held."""
        pending = self._shelves.pending
        if self._thread is None and pending and not self._is_closing:
            self._start()
        elif self._wakes_at is not None and pending >= self._wakes_at:
            self._shelves.waiting.notify_all()

    def flush(self, timeout: float) -> bool:
        """Wait until all changes so far are written; False when some are not after `timeout`."""
        with self._shelves.lock:
            if not self._shelves.pending:
                return True
            self.notice()
            return self._wait(timeout)

    def close(self, timeout: float) -> bool:
        """Write what is left and end the thread; False when something is left after `timeout`."""
        with self._shelves.lock:
            if self._thread is None and not self._is_closing and self._shelves.untold != Traffic():
                self._start()
            was_closed, self._is_closing = self._is_closing, True
            return was_closed or self._thread is None or self._wait(timeout)

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._work, name="cache-writer", daemon=True)
        self._thread.start()

    def _wait(self, timeout: float) -> bool:
        if self._thread is None:
            return False
        self._asked += 1
        mine = self._asked
        self._shelves.waiting.notify_all()
        answered = self._shelves.waiting.wait_for(lambda: self._answered >= mine, timeout)
        return answered and self._all_written

    def _work(self) -> None:
        waiting = self._shelves.waiting
        while True:
            with waiting:
                self._wait_for(1, None)
                self._wait_for(BATCH, DELAY)
                asked, is_last = self._asked, self._is_closing
            all_written = self._write_all()
            with waiting:
                self._answered = asked
                self._all_written = all_written
                waiting.notify_all()
                if is_last:
                    return
                if not all_written:
                    waiting.wait_for(self._is_urgent, _PAUSE)
            if all_written and self._is_time_to_prune():
                self._prune()

    def _wait_for(self, changes: int, timeout: float | None) -> None:
        self._wakes_at = changes
        self._shelves.waiting.wait_for(
            lambda: self._shelves.pending >= changes or self._is_urgent(), timeout
        )
        self._wakes_at = None

    def _is_urgent(self) -> bool:
        return self._is_closing or self._asked > self._answered

    def _write_all(self) -> bool:
        """Write what there is, batch after batch; False when the database does not take it."""
        while True:
            with self._shelves.lock:
                batch = self._shelves.take(BATCH)
            # What was asked for is written with other changes, at last by itself.
            if not len(batch) and (not self._is_closing or batch.traffic == Traffic()):
                return True
            if not self._write(batch):
                return False
            with self._shelves.lock:
                self._shelves.settle(batch)
                self._shelves.add_traffic(written=len(batch))
            self._records += len(batch)
            self._bytes += batch.weight

    def _write(self, batch: Batch) -> bool:
        try:
            return self._gateway.write(lambda database: database.write(batch)) is not None
        except RefusedError as error:
            singles = batch.singles()
            if len(singles) < 2:
                logger.warning("the cache database does not take a record: %s", error)
                return True
        # One of them cannot be written; the others can.
        return all(self._write(single) for single in singles)

    def _is_time_to_prune(self) -> bool:
        if self._records < _PRUNE_AFTER and self._bytes <= self._prune_bytes:
            return False
        self._records = self._bytes = 0
        return True
