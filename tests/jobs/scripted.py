"""Work that runs when a test says so, and time that passes when a test says so."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from promptls.jobs import BackgroundProcessor, LaneName, Priority

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds after which a test gives up."""


class Held(Generic[T]):
    """Work that begins and then waits to be let go; unless stubborn it has checkpoints."""

    def __init__(self, result: T, *, stubborn: bool = False) -> None:
        self._result = result
        self._stubborn = stubborn
        self._begun = threading.Event()
        self._go = threading.Event()

    def __call__(self) -> T:
        self._begun.set()
        while not self._go.wait(0.01):
            if not self._stubborn:
                BackgroundProcessor.checkpoint()
        return self._result

    def let_go(self) -> None:
        self._go.set()

    async def begun(self) -> None:
        await until(self._begun.is_set)


@dataclass(eq=False)
class Alarm:
    due: float
    call: Callable[[], object]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class FakeTime:
    """Stands still until `advance`; for the arguments `clock` and `call_later`."""

    now: float = 1_000.0
    delays: list[float] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def call_later(self, delay: float, call: Callable[[], object]) -> Alarm:
        self.delays.append(delay)
        alarm = Alarm(self.now + delay, call)
        self.alarms.append(alarm)
        return alarm

    def advance(self, seconds: float) -> None:
        self.now += seconds
        due = [alarm for alarm in self.alarms if alarm.due <= self.now]
        self.alarms = [alarm for alarm in self.alarms if alarm.due > self.now]
        for alarm in due:
            if not alarm.cancelled:
                alarm.call()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what a thread does."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.001)


@asynccontextmanager
async def running(processor: BackgroundProcessor) -> AsyncIterator[BackgroundProcessor]:
    async with asyncio.timeout(PATIENCE):
        try:
            yield processor
        finally:
            await processor.shutdown(0)


async def occupy(
    processor: BackgroundProcessor, threads: int = 2, lane: LaneName = "compute"
) -> list[Held[None]]:
    """Keep threads busy, so that what is submitted next stays queued."""
    held = [Held(None) for _ in range(threads)]
    for index, work in enumerate(held):
        key = ("occupied", index)
        processor.submit(key, work, priority=Priority.VISIBLE, label="occupied", lane=lane)
    for work in held:
        await work.begun()
    return held
