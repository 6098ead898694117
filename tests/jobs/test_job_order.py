"""Which job goes first, which are the same, and which take the place of others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from tests.jobs.scripted import Held, occupy, running

from promptls.jobs import BackgroundProcessor, Job, Priority, Status

V, O, I = Priority.VISIBLE, Priority.OPEN, Priority.IDLE  # noqa: E741


@pytest.mark.parametrize(
    ("submitted", "expected"),
    [
        ([("a", I), ("b", I)], "ab"),
        ([("a", I), ("b", V)], "ba"),
        ([("a", I), ("b", O), ("c", V), ("d", O), ("e", I)], "cbdae"),
        # Joining with a better priority promotes, with the place that it had by age.
        ([("a", I), ("b", I), ("b", V)], "ba"),
        ([("a", I), ("b", V), ("a", V)], "ab"),
        ([("a", I), ("b", O), ("a", O), ("b", V), ("c", V)], "bca"),
        # A worse one changes nothing.
        ([("a", V), ("b", O), ("a", I)], "ab"),
    ],
)
async def test_order(submitted: list[tuple[str, Priority]], expected: str) -> None:
    ran: list[str] = []

    def work(key: str) -> Callable[[], None]:
        return lambda: ran.append(key)

    async with running(BackgroundProcessor()) as processor:
        held = await occupy(processor)
        jobs = [processor.submit(k, work(k), priority=p, label=k) for k, p in submitted]
        held[0].let_go()
        await asyncio.gather(*jobs)
    assert "".join(ran) == expected


async def test_lanes_do_not_wait_for_each_other() -> None:
    async with running(BackgroundProcessor()) as processor:
        await occupy(processor)
        job = processor.submit("k", lambda: 1, priority=I, label="", lane="network")
        assert await job == 1


async def test_every_thread_of_a_lane_works() -> None:
    async with running(BackgroundProcessor()) as processor:
        await occupy(processor, 8, "network")
        job = processor.submit("k", lambda: 1, priority=V, label="", lane="network")
        await asyncio.sleep(0.02)
        assert job.status is Status.QUEUED


async def test_equal_work_is_joined_while_queued_and_while_running() -> None:
    calls: list[int] = []
    async with running(BackgroundProcessor()) as processor:
        held = await occupy(processor)
        work = Held("result")

        def counted() -> str:
            calls.append(1)
            return work()

        queued = [processor.submit("k", counted, priority=I, label="") for _ in range(200)]
        held[0].let_go()
        await work.begun()
        late = processor.submit("k", counted, priority=V, label="")
        work.let_go()
        assert set(await asyncio.gather(*queued, late)) == {"result"}
        assert len(calls) == 1
        again = processor.submit("k", lambda: "another", priority=I, label="")
        assert await again == "another"


async def test_many_tasks_await_one_job() -> None:
    async with running(BackgroundProcessor()) as processor:
        work = Held(5)
        job = processor.submit("k", work, priority=I, label="")

        async def wait() -> int:
            return await job

        tasks = [asyncio.ensure_future(wait()) for _ in range(3)]
        await work.begun()
        tasks[0].cancel()
        await asyncio.sleep(0)
        work.let_go()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(results[0], asyncio.CancelledError)
        assert results[1:] == [5, 5]
        assert await job == 5


@pytest.mark.parametrize(
    ("submitted", "expected"),
    [
        # Letters are keys, digits groups.
        (["a1", "b1"], {"a": "cancelled", "b": "done"}),
        (["a1", "b2"], {"a": "done", "b": "done"}),
        (["a1", "b1", "c1", "d2"], {"a": "cancelled", "b": "cancelled", "c": "done"}),
        # The same work is not superseded by itself.
        (["a1", "a1"], {"a": "done"}),
        (["a1", "b1", "a1"], {"a": "done", "b": "cancelled"}),
        # Somebody outside of the group still waits.
        (["a1", "a ", "b1"], {"a": "done", "b": "done"}),
        (["a1", "a2", "b1", "c2"], {"a": "cancelled", "b": "done", "c": "done"}),
    ],
)
async def test_superseding(submitted: list[str], expected: dict[str, str]) -> None:
    async with running(BackgroundProcessor()) as processor:
        held = await occupy(processor)
        for each in submitted:
            key, group = each[0], each[1].strip() or None
            processor.submit(key, lambda: 1, priority=I, label=key, supersedes=group)
        held[0].let_go()
        await processor.submit("last", lambda: 1, priority=I, label="last")
        last = {job.label: job.status for job in processor.snapshot()}
    assert {key: str(last[key]) for key in expected} == expected


async def test_superseded_work_that_runs_ends_without_the_group() -> None:
    async with running(BackgroundProcessor()) as processor:
        work = Held("old")
        old = processor.submit("old", work, priority=V, label="old", supersedes="group")
        other = processor.submit("old", work, priority=V, label="old")
        await work.begun()
        new: Job[str] = processor.submit(
            "new", lambda: "new", priority=V, label="", supersedes="group"
        )
        with pytest.raises(asyncio.CancelledError):
            await old
        work.let_go()
        assert (await new, await other) == ("new", "old")
        assert old.status is Status.CANCELLED
        assert {job.status for job in processor.snapshot()} == {Status.DONE}
