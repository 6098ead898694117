"""Groups of jobs in which a newer one takes the place of the older ones."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from promptls.jobs.job import Job


class Groups:
    """The unfinished jobs of each group."""

    def __init__(self) -> None:
        self._members: dict[Hashable, dict[Job[Any], None]] = {}
        self._group_of: dict[Job[Any], Hashable] = {}

    def join(self, group: Hashable, job: Job[Any]) -> list[Job[Any]]:
        """Add a job, and give the older ones that it supersedes: those of other work."""
        members = self._members.setdefault(group, {})
        superseded = [other for other in members if other.item is not job.item]
        members[job] = None
        self._group_of[job] = group
        return superseded

    def leave(self, job: Job[Any]) -> None:
        """Forget a job that is settled."""
        if job not in self._group_of:
            return
        group = self._group_of.pop(job)
        members = self._members[group]
        del members[job]
        if not members:
            del self._members[group]
