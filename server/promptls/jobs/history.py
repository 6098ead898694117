"""The jobs that have finished: the last ones, and how many of each kind."""

from __future__ import annotations

from collections import deque
from typing import Final

from promptls.jobs.model import JobStatus, Status

HISTORY: Final = 100
"""How many finished jobs are remembered."""


class History:
    """What remains of finished jobs: no result, no exception."""

    def __init__(self) -> None:
        self.last: deque[JobStatus] = deque(maxlen=HISTORY)
        """The oldest first."""
        self.totals = {Status.DONE: 0, Status.FAILED: 0, Status.CANCELLED: 0}

    def add(self, finished: JobStatus) -> None:
        """Remember a job that has finished."""
        self.last.append(finished)
        self.totals[finished.status] += 1
