"""Runs the work of an entry and judges what it came to; on a thread of a lane."""

from __future__ import annotations

from promptls.jobs.errors import JobStopped, Transient
from promptls.jobs.item import Item, Work
from promptls.jobs.outcome import CANCELLED, Again, Failure, Outcome, Value


def attempt(work: Work, arguments: list[object]) -> list[object] | BaseException:
    """Give one result for each argument, or what was raised.

    The exception keeps this frame alive, which for that reason knows of no item and no job.
    """
    try:
        results = list(work(arguments))
    except BaseException as error:
        return error
    if len(results) != len(arguments):
        return ValueError(f"{len(results)} results for {len(arguments)} items")
    return results


def judge_result(item: Item, result: object) -> Outcome | Again:
    """Say whether the result of an item is final."""
    if item.retry is None:
        return Value(result)
    try:
        retry_after = item.retry(result)
    except Exception as error:
        return Failure(error)
    return Value(result) if retry_after is None else Again(Value(result), retry_after)


def judge_error(error: BaseException) -> Outcome | Again:
    """Say whether what an item's work raised is final."""
    if isinstance(error, JobStopped):
        return CANCELLED
    if isinstance(error, Transient):
        return Again(error, error.retry_after or 0.0)
    return Failure(error)
