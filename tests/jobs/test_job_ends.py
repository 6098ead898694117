"""Cancelling and shutting down, in each state."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from tests.jobs.scripted import PATIENCE, FakeTime, Held, occupy, running, until

from promptls.jobs import (
    BackgroundProcessor,
    Job,
    JobStopped,
    LaneName,
    Priority,
    Status,
    Transient,
)

V = Priority.VISIBLE


def fail_for_now() -> str:
    raise Transient(100.0)


class Stage:
    """A processor with one job in a given state."""

    def __init__(self, state: Status) -> None:
        self.time = FakeTime()
        self.processor = BackgroundProcessor(clock=self.time, call_later=self.time.call_later)
        self.work = Held("result")
        self.state = state

    async def set_up(self) -> Job[str]:
        processor = self.processor
        if self.state is Status.QUEUED:
            self.held = await occupy(processor)
        work: Callable[[], str] = self.work
        if self.state is Status.RETRYING:
            work = fail_for_now
        if self.state in (Status.DONE, Status.FAILED):
            self.work.let_go()
        if self.state is Status.FAILED:
            work = lambda: [""][1]  # noqa: E731
        job = processor.submit("k", work, priority=V, label="")
        if self.state is Status.CANCELLED:
            job.cancel()
        await until(lambda: job.status is self.state)
        return job


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (Status.QUEUED, Status.CANCELLED),
        (Status.RUNNING, Status.DONE),
        (Status.RETRYING, Status.CANCELLED),
        (Status.DONE, Status.DONE),
        (Status.FAILED, Status.FAILED),
    ],
)
async def test_cancelled_in_each_state(state: Status, after: Status) -> None:
    stage = Stage(state)
    async with running(stage.processor) as processor:
        job = await stage.set_up()
        waiting = asyncio.ensure_future(asyncio.wait([asyncio.ensure_future(result_of(job))]))
        await asyncio.sleep(0)
        job.cancel()
        job.cancel()
        await waiting
        if after is Status.CANCELLED or state is Status.RUNNING:
            with pytest.raises(asyncio.CancelledError):
                await job
        stage.work.let_go()
        await until(lambda: processor.counts()[after] == 1)


async def result_of(job: Job[str]) -> str:
    return await job


async def test_a_job_runs_while_anybody_waits() -> None:
    async with running(BackgroundProcessor()) as processor:
        held = await occupy(processor)
        jobs = [processor.submit("k", lambda: 1, priority=V, label="") for _ in range(3)]
        jobs[0].cancel()
        jobs[2].cancel()
        held[0].let_go()
        assert await jobs[1] == 1
        assert [job.status for job in jobs] == ["cancelled", "done", "cancelled"]


async def test_work_that_was_cancelled_can_be_submitted_again() -> None:
    async with running(BackgroundProcessor()) as processor:
        held = await occupy(processor)
        processor.submit("k", lambda: 1, priority=V, label="").cancel()
        again = processor.submit("k", lambda: 2, priority=V, label="")
        held[0].let_go()
        assert await again == 2


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (Status.QUEUED, Status.CANCELLED),
        (Status.RUNNING, Status.CANCELLED),
        (Status.RETRYING, Status.CANCELLED),
        (Status.DONE, Status.DONE),
        (Status.CANCELLED, Status.CANCELLED),
    ],
)
async def test_shut_down_in_each_state(state: Status, after: Status) -> None:
    stage = Stage(state)
    async with asyncio.timeout(PATIENCE):
        job = await stage.set_up()
        waiting = asyncio.ensure_future(result_of(job))
        await asyncio.sleep(0)
        await stage.processor.shutdown(0.01)
        await asyncio.wait([waiting])
        assert waiting.cancelled() is (after is Status.CANCELLED)
        assert job.status is after
        assert all(alarm.cancelled for alarm in stage.time.alarms)
        await stage.processor.shutdown()
        stage.work.let_go()
        await asyncio.sleep(0.01)
        assert job.status is after


@pytest.mark.parametrize("in_time", [True, False])
async def test_work_that_does_not_stop_has_some_time_to_end(in_time: bool) -> None:
    processor = BackgroundProcessor()
    work = Held(7, stubborn=True)
    job = processor.submit("k", work, priority=V, label="")
    await work.begun()
    end = asyncio.ensure_future(processor.shutdown(PATIENCE if in_time else 0.02))
    await asyncio.sleep(0.01)
    assert not end.done()
    if in_time:
        work.let_go()
        await end
        assert await job == 7
    else:
        await end
        work.let_go()
        with pytest.raises(asyncio.CancelledError):
            await job
        await asyncio.sleep(0.02)
        assert [status.status for status in processor.snapshot()] == [Status.CANCELLED]


async def test_a_shutdown_that_is_cancelled_releases_everybody() -> None:
    processor = BackgroundProcessor()
    work = Held(7, stubborn=True)
    job = processor.submit("k", work, priority=V, label="")
    await work.begun()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(processor.shutdown(PATIENCE), 0.02)
    work.let_go()
    assert job.status is Status.CANCELLED


@pytest.mark.parametrize("lane", ["compute", "network"])
@pytest.mark.parametrize("many", [False, True])
async def test_running_work_stops_at_its_next_checkpoint(lane: LaneName, many: bool) -> None:
    before = set(threading.enumerate())
    processor = BackgroundProcessor()
    begun = threading.Event()
    stopped: list[str] = []

    def work(items: list[int]) -> list[int]:
        begun.set()
        try:
            while True:
                try:
                    processor.checkpoint()
                except Exception:
                    stopped.append("swallowed")
        except JobStopped:
            stopped.append("stopped")
            raise

    pairs = [(number, number) for number in range(3 if many else 1)]
    jobs = processor.submit_many(pairs, work, priority=V, label="", lane=lane)
    await until(begun.is_set)
    processor.hold(PATIENCE)
    await processor.shutdown(PATIENCE)
    assert stopped == ["stopped"]
    assert {job.status for job in jobs} == {Status.CANCELLED}
    assert set(threading.enumerate()) <= before


async def test_after_the_shutdown_jobs_are_cancelled() -> None:
    processor = BackgroundProcessor()
    await processor.shutdown()
    job = processor.submit("k", lambda: 1, priority=V, label="", supersedes="group")
    jobs = processor.submit_many([(1, 1), (1, 1)], lambda x: x, priority=V, label="")
    for each in (job, *jobs):
        assert each.status is Status.CANCELLED
        each.cancel()
        with pytest.raises(asyncio.CancelledError):
            await each
    assert processor.snapshot() == []


async def test_a_loop_that_ended_does_not_matter_to_the_threads() -> None:
    work = Held(1)
    processor = BackgroundProcessor()

    async def begin() -> None:
        processor.submit("k", work, priority=V, label="")
        await work.begun()

    def run() -> None:
        asyncio.run(begin())

    await asyncio.to_thread(run)
    threads = [t for t in threading.enumerate() if t.name.startswith("promptls-compute")]
    work.let_go()
    await asyncio.sleep(0.02)
    assert all(thread.is_alive() and thread.daemon for thread in threads)
