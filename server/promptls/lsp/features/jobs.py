"""`promptls/jobs`, and the commands that show background work and have references looked up."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from lsprotocol import types

from promptls.jobs import JobStatus, Status
from promptls.lsp.features.table import JOBS, REFRESH_REFERENCES, SHOW_JOBS, FeatureTable
from promptls.lsp.session import Session


def register(features: FeatureTable, session: Session) -> None:
    """Register the request and the commands."""

    @features.handler(JOBS)
    def jobs(params: object) -> dict[str, Any]:
        return _jobs(session)

    @features.handler(SHOW_JOBS)
    def show_jobs() -> dict[str, Any]:
        message = types.ShowMessageParams(types.MessageType.Info, _summary(session))
        session.server.protocol.notify(types.WINDOW_SHOW_MESSAGE, message)
        return _jobs(session)

    @features.handler(REFRESH_REFERENCES)
    def refresh_references() -> None:
        session.refresh_references()


def _jobs(session: Session) -> dict[str, Any]:
    """How many jobs there are of each status, and those under way with the last finished ones."""
    return {
        "counts": {str(status): number for status, number in session.processor.counts().items()},
        "jobs": [_as_json(status) for status in session.processor.snapshot()],
    }


def _as_json(status: JobStatus) -> dict[str, Any]:
    values = asdict(status)
    values["priority"] = status.priority.name.lower()
    return {_camel(name): value for name, value in values.items()}


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.title() for other in others)


def _summary(session: Session) -> str:
    counts = session.processor.counts()
    told = [f"{counts[status]:,} {status}" for status in Status if counts[status]]
    return f"promptls background work: {', '.join(told)}" if told else "promptls has had no work."
