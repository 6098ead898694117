"""A caller's hold on a job."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from typing import Any, Generic, TypeVar, cast

from promptls.jobs.item import Item
from promptls.jobs.model import Status
from promptls.jobs.outcome import Outcome

T_co = TypeVar("T_co", covariant=True)


class Job(Generic[T_co]):
    """One submission of a job, for the loop's thread.

    Several may stand for the same work; it is cancelled when all of them are and it has not
    begun. Any number of tasks may await one. A task that is cancelled while it awaits withdraws
    nothing: the others, and whoever joins, still want the result.
    """

    __slots__ = ("_item", "_outcome", "_waiting", "_withdraw")

    def __init__(self, item: Item, withdraw: Callable[[Job[Any]], None]) -> None:
        self._item = item
        self._withdraw = withdraw
        self._outcome: Outcome | None = None
        self._waiting: list[asyncio.Future[None]] = []

    @property
    def item(self) -> Item:
        """The work that this is a submission of, shared by all that were joined."""
        return self._item

    @property
    def status(self) -> Status:
        """Where it stands; once cancelled it stays so, whatever becomes of the work."""
        return self._item.status if self._outcome is None else self._outcome.status

    def cancel(self) -> None:
        """Want the result no longer; who awaits this gets CancelledError."""
        if self._outcome is None:
            self._withdraw(self)

    def settle(self, outcome: Outcome) -> None:
        """Release who awaits this. For the processor."""
        self._outcome = outcome
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)

    def __await__(self) -> Generator[Any, None, T_co]:
        """Give the result, or raise what the work raised, or CancelledError."""
        if self._outcome is None:
            # One future for each that waits: a task that is cancelled cancels its own.
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            try:
                yield from waiter.__await__()
            except asyncio.CancelledError:
                if waiter in self._waiting:
                    self._waiting.remove(waiter)
                raise
        outcome = self._outcome
        assert outcome is not None  # noqa: S101 - settle sets it before it wakes anybody
        return cast(T_co, outcome.get())
