"""What is told of a job: where it waits, how urgent it is, what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Literal

LaneName = Literal["compute", "network"]
"""What the work waits for: the processor, or others. Each lane has threads of its own."""


class Priority(IntEnum):
    """How urgent a job is; the smaller goes first."""

    VISIBLE = 0
    OPEN = 1
    IDLE = 2


class Status(StrEnum):
    """Where a job stands. The last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    RETRYING = "retrying"
    """It failed in a way that may pass, and waits for its next try."""
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class JobStatus:
    """A job as it was at one moment. Times are in seconds since 1970."""

    id: int
    label: str
    lane: LaneName
    priority: Priority
    status: Status
    tries: int
    """How often the work was begun; a batch that was taken apart counts as no try."""
    queued_at: float
    started_at: float | None
    """When the last try began."""
    finished_at: float | None
    error: str | None
    """The name of the exception's type, never its text; of the last try, also when retrying."""
    next_try: float | None
