"""Background work on the event loop: priorities, joining, batches, backoff, a clean stop."""

from promptls.jobs.backoff import Backoff
from promptls.jobs.errors import JobStopped, Transient
from promptls.jobs.job import Job
from promptls.jobs.model import JobStatus, LaneName, Priority, Status
from promptls.jobs.processor import BATCH, BackgroundProcessor

__all__ = [
    "BATCH",
    "BackgroundProcessor",
    "Backoff",
    "Job",
    "JobStatus",
    "JobStopped",
    "LaneName",
    "Priority",
    "Status",
    "Transient",
]
