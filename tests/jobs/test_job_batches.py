"""Many small jobs in few calls."""

from __future__ import annotations

import asyncio

import pytest
from tests.jobs.scripted import occupy, running

from promptls.jobs import BackgroundProcessor, Priority, Status


@pytest.mark.parametrize(
    ("numbers", "batch", "calls"),
    [
        (range(0), 16, []),
        (range(1), 16, [[0]]),
        (range(5), 2, [[0, 1], [2, 3], [4]]),
        (range(32), 16, [list(range(16)), list(range(16, 32))]),
        ([3, 1, 3, 3, 2], 2, [[3, 1], [2]]),
    ],
)
async def test_batches(numbers: list[int], batch: int, calls: list[list[int]]) -> None:
    seen: list[list[int]] = []

    def work(items: list[int]) -> list[str]:
        seen.append(items)
        return [f"{item}!" for item in items]

    async with running(BackgroundProcessor()) as processor:
        held = await occupy(processor)
        pairs = [(number, number) for number in numbers]
        jobs = processor.submit_many(pairs, work, priority=Priority.OPEN, label="", batch=batch)
        held[0].let_go()
        assert await asyncio.gather(*jobs) == [f"{number}!" for number in numbers]
    assert seen == calls


@pytest.mark.parametrize("wrong", ["raises", "too few", "exits"])
async def test_one_bad_item_fails_alone(wrong: str) -> None:
    calls: list[list[int]] = []

    def work(items: list[int]) -> list[int]:
        calls.append(items)
        if 5 in items:
            if wrong == "raises":
                raise KeyError
            if wrong == "exits":
                raise SystemExit
            return [item * 2 for item in items if item != 5]
        return [item * 2 for item in items]

    async with running(BackgroundProcessor()) as processor:
        pairs = [(number, number) for number in range(16)]
        jobs = processor.submit_many(pairs, work, priority=Priority.IDLE, label="")
        results = await asyncio.gather(*jobs, return_exceptions=True)
        names = {"raises": "KeyError", "exits": "SystemExit", "too few": "ValueError"}
        failed = [job for job in processor.snapshot() if job.status is Status.FAILED]
        assert [(job.error, job.tries) for job in failed] == [(names[wrong], 1)]
    assert isinstance(results.pop(5), Exception)
    assert results == [number * 2 for number in range(16) if number != 5]
    assert len(calls) == 17


async def test_items_under_way_are_joined_and_promoted_together() -> None:
    calls: list[list[str]] = []

    def work(items: list[str]) -> list[str]:
        calls.append(items)
        return items

    async with running(BackgroundProcessor()) as processor:
        held = await occupy(processor)
        first = processor.submit_many(
            [(k, k) for k in "abcd"], work, priority=Priority.OPEN, label="", batch=2
        )
        second = processor.submit_many(
            [(k, k) for k in "dxa"], work, priority=Priority.VISIBLE, label="", batch=2
        )
        single = processor.submit("b", lambda: "no", priority=Priority.IDLE, label="")
        held[0].let_go()
        assert await asyncio.gather(*first) == list("abcd")
        assert await asyncio.gather(*second) == list("dxa")
        assert await single == "b"
    assert calls == [["a", "b"], ["c", "d"], ["x"]]


async def test_an_item_is_cancelled_out_of_its_batch() -> None:
    calls: list[list[str]] = []

    def work(items: list[str]) -> list[str]:
        calls.append(items)
        return items

    async with running(BackgroundProcessor()) as processor:
        held = await occupy(processor)
        jobs = processor.submit_many(
            [(k, k) for k in "abcde"], work, priority=Priority.OPEN, label="", batch=3
        )
        for index in (1, 3, 4):
            jobs[index].cancel()
        held[0].let_go()
        assert [await jobs[0], await jobs[2]] == ["a", "c"]
        statuses = [job.status for job in jobs]
    assert calls == [["a", "c"]]
    done, gone = Status.DONE, Status.CANCELLED
    assert statuses == [done, gone, done, gone, gone]
