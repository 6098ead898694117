"""No job is lost, whatever is submitted, cancelled, finished and shut down when."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.jobs.scripted import PATIENCE, FakeTime, until

from promptls.jobs import BackgroundProcessor, Job, Priority, Status, Transient

FINAL = {Status.DONE, Status.FAILED, Status.CANCELLED}
Step = tuple[
    Literal["submit", "many", "cancel", "release", "advance", "yield"],
    int,
    Literal["value", "error", "transient"],
    Priority,
]

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["submit", "submit", "many", "cancel", "release", "advance", "yield"]),
        st.integers(0, 9),
        st.sampled_from(["value", "error", "transient"]),
        st.sampled_from(Priority),
    ),
    max_size=40,
)


class World:
    """A processor whose work waits for permits, and all jobs that it has given."""

    def __init__(self) -> None:
        self.time = FakeTime()
        self.processor = BackgroundProcessor(clock=self.time, call_later=self.time.call_later)
        self.permits = threading.Semaphore(0)
        self.jobs: list[Job[int]] = []
        self.awaiting: list[asyncio.Task[int]] = []

    def work(self, end: str, number: int) -> Callable[[], int]:
        def run() -> int:
            assert self.permits.acquire(timeout=PATIENCE)
            if end == "error":
                raise ValueError
            if end == "transient":
                raise Transient
            return number

        return run

    def keep(self, jobs: list[Job[int]]) -> None:
        async def wait(job: Job[int]) -> int:
            return await job

        self.jobs += jobs
        for job in jobs:
            self.awaiting += [asyncio.ensure_future(wait(job)) for _ in range(2)]

    async def take(self, step: Step) -> None:
        kind, number, end, priority = step
        processor = self.processor
        if kind == "submit":
            group = number % 3 or None
            work = self.work(end, number)
            self.keep(
                [
                    processor.submit(
                        number, work, priority=priority, label=str(number), supersedes=group
                    )
                ]
            )
        elif kind == "many":

            def batch(numbers: list[int]) -> list[int]:
                return [self.work(end, each)() for each in numbers]

            pairs = [(each, each) for each in range(number, number + 4)]
            self.keep(processor.submit_many(pairs, batch, priority=priority, label="many", batch=3))
        elif kind == "cancel" and self.jobs:
            self.jobs[-1 - number % len(self.jobs)].cancel()
        elif kind == "release":
            self.permits.release(number + 1)
        elif kind == "advance":
            self.time.advance(10.0)
        else:
            await asyncio.sleep(0.0001 * number)


async def play(steps: list[Step], shut_down: bool) -> None:
    world = World()
    processor = world.processor
    async with asyncio.timeout(PATIENCE):
        for step in steps:
            await world.take(step)
        world.permits.release(1_000)
        if not shut_down:

            def over() -> bool:
                world.time.advance(1_000.0)
                counts = processor.counts()
                return sum(counts[status] for status in set(Status) - FINAL) == 0

            await until(over)
        await processor.shutdown(PATIENCE)
        results = await asyncio.gather(*world.awaiting, return_exceptions=True)
    ended = processor.snapshot()
    assert {status.status for status in ended} <= FINAL
    assert len(ended) == len({status.id for status in ended}) == min(100, total(processor))
    assert (
        Counter(status.status for status in ended)
        == Counter({status: count for status, count in processor.counts().items() if count})
        or total(processor) > 100
    )
    for index, job in enumerate(world.jobs):
        mine = results[2 * index : 2 * index + 2]
        match job.status:
            case Status.DONE:
                assert mine[0] == mine[1]
                assert isinstance(mine[0], int)
            case Status.CANCELLED:
                assert all(isinstance(result, asyncio.CancelledError) for result in mine)
            case _:
                assert job.status is Status.FAILED
                assert all(isinstance(result, ValueError | Transient) for result in mine)


def total(processor: BackgroundProcessor) -> int:
    return sum(processor.counts().values())


@settings(max_examples=100, deadline=None)
@given(STEPS, st.booleans())
def test_every_job_ends_once_and_releases_who_waits(steps: list[Step], shut_down: bool) -> None:
    asyncio.run(play(steps, shut_down))
