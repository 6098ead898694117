"""What is told of jobs."""

from __future__ import annotations

from tests.jobs.scripted import FakeTime, occupy, running, until

from promptls.jobs import BackgroundProcessor, JobStatus, Priority, Status


async def test_snapshot_through_the_life_of_a_job() -> None:
    time = FakeTime(100.0)
    async with running(BackgroundProcessor(clock=time)) as processor:
        held = await occupy(processor)
        time.now = 101.0
        job = processor.submit("k", lambda: 1, priority=Priority.IDLE, label="tokens of a.md")
        queued = JobStatus(
            id=3,
            label="tokens of a.md",
            lane="compute",
            priority=Priority.IDLE,
            status=Status.QUEUED,
            tries=0,
            queued_at=101.0,
            started_at=None,
            finished_at=None,
            error=None,
            next_try=None,
        )
        assert [status.status for status in processor.snapshot()] == ["running"] * 2 + ["queued"]
        assert processor.snapshot()[2] == queued
        processor.submit("k", lambda: 1, priority=Priority.OPEN, label="another")
        assert processor.snapshot()[2].priority is Priority.OPEN
        time.now = 102.0
        held[1].let_go()
        await job
        done = next(status for status in processor.snapshot() if status.id == 3)
        assert (done.status, done.tries) == ("done", 1)
        assert (done.queued_at, done.started_at, done.finished_at) == (101.0, 102.0, 102.0)
        assert processor.counts() == {
            Status.QUEUED: 0,
            Status.RUNNING: 1,
            Status.RETRYING: 0,
            Status.DONE: 2,
            Status.FAILED: 0,
            Status.CANCELLED: 0,
        }


async def test_the_history_is_bounded() -> None:
    async with running(BackgroundProcessor()) as processor:
        jobs = processor.submit_many(
            [(n, n) for n in range(250)], lambda x: x, priority=Priority.IDLE, label=""
        )
        for job in jobs:
            await job
        assert len(processor.snapshot()) == 100
        assert processor.counts()[Status.DONE] == 250


async def test_changes_are_told_together() -> None:
    seen: list[dict[Status, int]] = []

    def on_change() -> None:
        seen.append(processor.counts())
        raise ValueError  # which is the listener's own affair

    async with running(BackgroundProcessor(on_change)) as processor:
        held = await occupy(processor)
        del seen[:]
        for number in range(1_000):
            processor.submit(number, lambda: 1, priority=Priority.IDLE, label="")
        assert seen == []
        await until(lambda: len(seen) == 1)
        assert seen[0][Status.QUEUED] == 1_000
        held[0].let_go()
        await until(lambda: processor.counts()[Status.DONE] == 1_001)
        await until(lambda: seen[-1][Status.DONE] == 1_001)
        assert len(seen) < 1_000


async def test_the_beginning_of_long_work_is_told() -> None:
    seen: list[int] = []

    def on_change() -> None:
        seen.append(processor.counts()[Status.RUNNING])

    async with running(BackgroundProcessor(on_change)) as processor:
        await occupy(processor, 1)
        await until(lambda: 1 in seen)
