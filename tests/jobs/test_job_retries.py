"""Failures that may pass, and failures that do not."""

from __future__ import annotations

import asyncio
import logging
import math

import pytest
from tests.jobs.scripted import FakeTime, Held, running, until

from promptls.jobs import BackgroundProcessor, Backoff, Job, Priority, Status, Transient

V = Priority.VISIBLE


def processor_at(time: FakeTime, backoff: Backoff | None = None) -> BackgroundProcessor:
    """One without jitter: each wait is the whole step."""
    return BackgroundProcessor(
        backoff=backoff or Backoff(), clock=time, random=lambda: 1.0, call_later=time.call_later
    )


async def finished(processor: BackgroundProcessor, time: FakeTime, job: Job[object]) -> None:
    """Let time pass until the job has finished."""

    def over() -> bool:
        time.advance(1_000.0)
        return job.status in (Status.DONE, Status.FAILED, Status.CANCELLED)

    await until(over)


@pytest.mark.parametrize(
    ("tried", "retry_after", "random", "expected"),
    [
        (1, 0.0, 0.0, 0.25),
        (1, 0.0, 1.0, 0.5),
        (2, 0.0, 0.5, 0.75),
        (3, 0.0, 1.0, 2.0),
        (7, 0.0, 1.0, 30.0),
        (5_000, 0.0, 1.0, 30.0),
        (1, 7.0, 0.0, 7.0),
        (1, 3_600.0, 1.0, 3_600.0),
        (4, 1.0, 0.0, 2.0),
        (1, -5.0, 0.0, 0.25),
        (1, math.nan, 0.0, 0.25),
    ],
)
def test_delay(tried: int, retry_after: float, random: float, expected: float) -> None:
    assert Backoff().delay(tried, retry_after, lambda: random) == expected


@pytest.mark.parametrize(
    ("asked", "delays"),
    [
        ([], []),
        ([None], [0.5]),
        ([None, None, None], [0.5, 1.0, 2.0]),
        ([7.0, None, 0.1], [7.0, 1.0, 2.0]),
    ],
)
@pytest.mark.parametrize("by", ["exception", "result"])
async def test_tried_until_it_passes(
    asked: list[float | None], delays: list[float], by: str
) -> None:
    time = FakeTime()
    left = list(asked)

    def work() -> float | None:
        if not left:
            return None
        if by == "exception":
            raise Transient(left.pop(0))
        return left.pop(0) or 0.0

    async with running(processor_at(time)) as processor:
        job = processor.submit("k", work, priority=V, label="", retry=lambda result: result)
        await finished(processor, time, job)
        assert await job is None
        assert processor.snapshot()[0].tries == len(asked) + 1
    assert time.delays == delays


async def test_tries_run_out() -> None:
    time = FakeTime()

    def work() -> None:
        raise Transient from ConnectionError("secret")

    async with running(processor_at(time)) as processor:
        job = processor.submit("k", work, priority=V, label="")
        await finished(processor, time, job)
        with pytest.raises(Transient) as raised:
            await job
        assert isinstance(raised.value.__cause__, ConnectionError)
        status = processor.snapshot()[0]
        assert (status.status, status.tries, status.error) == ("failed", 4, "ConnectionError")
    assert time.delays == [0.5, 1.0, 2.0]


async def test_the_last_result_stands_when_tries_run_out() -> None:
    time = FakeTime()
    async with running(processor_at(time, Backoff(tries=2))) as processor:
        job = processor.submit("k", lambda: "down", priority=V, label="", retry=lambda _: 0.0)
        await finished(processor, time, job)
        assert await job == "down"
        assert processor.snapshot()[0].tries == 2


async def test_waiting_for_a_try_holds_no_thread() -> None:
    time = FakeTime()

    def work() -> None:
        raise Transient(5.0) from TimeoutError()

    async with running(processor_at(time)) as processor:
        jobs = [processor.submit(n, work, priority=V, label="") for n in range(20)]
        await until(lambda: processor.counts()[Status.RETRYING] == 20)
        assert await processor.submit("k", lambda: 1, priority=V, label="") == 1
        waiting = processor.snapshot()[0]
        assert (waiting.status, waiting.error, waiting.tries) == ("retrying", "TimeoutError", 1)
        assert waiting.next_try == time.now + 5.0
        for job in jobs:
            job.cancel()
        assert processor.counts()[Status.CANCELLED] == 20
        assert all(alarm.cancelled for alarm in time.alarms)


async def test_a_batch_item_is_tried_again_alone() -> None:
    time = FakeTime()
    calls: list[list[int]] = []

    def work(items: list[int]) -> list[int]:
        calls.append(items)
        if 1 in items and calls.count([1]) < 2:
            raise Transient
        return items

    async with running(processor_at(time)) as processor:
        jobs = processor.submit_many([(n, n) for n in range(3)], work, priority=V, label="")
        await finished(processor, time, jobs[1])
        assert await asyncio.gather(*jobs) == [0, 1, 2]
    assert time.delays == [0.5]
    assert sorted(calls) == [[0], [0, 1, 2], [1], [1], [2]]


async def test_a_withdrawn_job_is_not_tried_again() -> None:
    time = FakeTime()
    held = Held(None)

    def work() -> None:
        held()
        raise Transient

    async with running(processor_at(time)) as processor:
        job = processor.submit("k", work, priority=V, label="")
        await held.begun()
        job.cancel()
        held.let_go()
        await until(lambda: processor.counts()[Status.CANCELLED] == 1)
    assert time.delays == []


@pytest.mark.parametrize("error", [ValueError, StopIteration, SystemExit, KeyboardInterrupt])
async def test_an_exception_goes_to_who_waits(error: type[BaseException]) -> None:
    def work() -> None:
        raise error("secret")

    async with running(BackgroundProcessor()) as processor:
        job = processor.submit("k", work, priority=V, label="")
        with pytest.raises((ValueError, RuntimeError)):
            await job
        assert processor.snapshot()[0].error == error.__name__
        for number in range(4):
            assert await processor.submit(number, lambda: 1, priority=V, label="") == 1


async def test_a_retry_that_raises_fails_the_job() -> None:
    def retry(result: int) -> float:
        return 1 / result

    async with running(BackgroundProcessor()) as processor:
        with pytest.raises(ZeroDivisionError):
            await processor.submit("k", lambda: 0, priority=V, label="", retry=retry)


@pytest.mark.parametrize("awaited", [True, False])
async def test_what_nobody_waits_for_is_logged_by_its_type(
    awaited: bool, caplog: pytest.LogCaptureFixture
) -> None:
    def work() -> None:
        raise ValueError("secret")

    with caplog.at_level(logging.DEBUG):
        async with running(BackgroundProcessor()) as processor:
            jobs = [processor.submit("k", work, priority=V, label="") for _ in range(2)]
            await until(lambda: processor.counts()[Status.FAILED] == 1)
            if awaited:
                with pytest.raises(ValueError, match="secret"):
                    await jobs[0]
            jobs.clear()
    messages = [record.getMessage() for record in caplog.records if "promptls" in record.name]
    assert len(messages) == (0 if awaited else 1)
    assert all("ValueError" in message and "secret" not in message for message in messages)
