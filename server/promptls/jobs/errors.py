"""The exceptions by which work and the processor talk to each other."""

from __future__ import annotations


class Transient(Exception):  # noqa: N818 - it tells of a condition that passes
    """Raised by work that failed in a way that may pass, so that it is tried again.

    Raise it `from` what went wrong: the cause's type is what a status shows. `retry_after` is the
    time in seconds that the source asked for; the next try does not come before it.
    """

    def __init__(self, retry_after: float | None = None) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class JobStopped(BaseException):
    """Raised by `checkpoint` once the processor shuts down; work lets it through.

    It is no `Exception`, so that work that turns every error into an outcome ends all the same.
    """
