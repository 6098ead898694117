"""The loop stays free: few wake-ups for many jobs, and pauses while somebody types."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from tests.jobs.scripted import Held, occupy, running, until

from promptls.jobs import BackgroundProcessor, Priority, Status
from promptls.jobs.gate import LONGEST, TURN, Gate
from promptls.jobs.mailbox import SLICE, Mailbox

IDLE = Priority.IDLE


async def test_a_thousand_jobs_wake_the_loop_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    wakes: list[str] = []
    loop = asyncio.get_running_loop()
    original = loop.call_soon_threadsafe

    def counted(callback: Callable[..., object], *args: object) -> asyncio.Handle:
        wakes.append(threading.current_thread().name)
        return original(callback, *args)

    async with running(BackgroundProcessor()) as processor:
        held = await occupy(processor)
        monkeypatch.setattr(loop, "call_soon_threadsafe", counted)
        jobs = [processor.submit(n, lambda: 1, priority=IDLE, label="") for n in range(1_000)]
        assert wakes == []
        held[0].let_go()
        await until(lambda: processor.counts()[Status.DONE] == 1_001)
        assert sum([await job for job in jobs]) == 1_000
    assert len(wakes) < 100


async def test_a_queue_gives_the_loop_nothing_to_do() -> None:
    """With a thousand jobs queued and none ending, the loop runs no callback of the processor."""
    async with running(BackgroundProcessor()) as processor:
        await occupy(processor)
        processor.submit_many([(n, n) for n in range(1_000)], lambda x: x, priority=IDLE, label="")
        await asyncio.sleep(0.02)
        loop: Any = asyncio.get_running_loop()
        assert list(loop._ready) == []


@pytest.mark.parametrize("expecting", [True, False])
async def test_what_threads_say_is_received_in_slices(expecting: bool) -> None:
    received: list[list[int]] = []

    def receive(messages: list[int]) -> bool:
        received.append(messages)
        return expecting

    mailbox: Mailbox[int] = Mailbox(asyncio.get_running_loop(), receive)
    count = SLICE * 3 + 1
    await asyncio.to_thread(mailbox.post, range(count))
    await until(lambda: sum(map(len, received)) == count)
    assert [len(each) for each in received] == [SLICE, SLICE, SLICE, 1]
    assert [number for each in received for number in each] == list(range(count))
    await asyncio.to_thread(mailbox.post, [7])
    await until(lambda: received[-1] == [7])


class FakeSleep:
    """Seconds that pass only by sleeping; `on_sleep` is called at the end of each."""

    def __init__(self) -> None:
        self.now = 0.0
        self.on_sleep: Callable[[], object] = lambda: None

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.on_sleep()


@pytest.mark.parametrize(
    ("hold", "renewed", "paused"),
    [
        (0.0, False, 0.0),
        (0.05, False, 0.05),
        (0.05, True, LONGEST),
        (3_600.0, False, LONGEST),
    ],
)
def test_how_long_a_hold_lasts(hold: float, renewed: bool, paused: float) -> None:
    time = FakeSleep()
    gate = Gate(time, time.sleep)
    gate.hold(hold)
    if renewed:
        time.on_sleep = lambda: gate.hold(hold)
    gate.pass_through()
    assert time.now == pytest.approx(paused)


def test_under_a_steady_hold_work_has_a_turn_between_pauses() -> None:
    time = FakeSleep()
    gate = Gate(time, time.sleep)
    gate.hold(3_600.0)
    for _ in range(3):
        before = time.now
        gate.pass_through()
        assert time.now == pytest.approx(before + LONGEST)
        before = time.now
        gate.pass_through()
        assert time.now == before
        time.now += TURN


async def test_compute_work_waits_for_a_pause_in_typing_and_network_work_does_not() -> None:
    async with running(BackgroundProcessor()) as processor:
        processor.hold(3_600.0)
        computed = processor.submit("c", lambda: 1, priority=Priority.VISIBLE, label="")
        fetched = processor.submit("n", lambda: 1, priority=IDLE, label="", lane="network")
        await fetched
        assert computed.status is Status.QUEUED
        computed.cancel()
        processor.hold(0.0)
        assert await processor.submit("c", lambda: 2, priority=IDLE, label="") == 2


async def test_nothing_starves_while_somebody_types_all_the_time() -> None:
    async with running(BackgroundProcessor()) as processor:
        work = Held(1)
        processor.hold(3_600.0)
        job = processor.submit("k", work, priority=IDLE, label="")
        await work.begun()
        work.let_go()
        assert await job == 1


def test_checkpoint_does_nothing_on_other_threads() -> None:
    processor = BackgroundProcessor()
    processor.hold(3_600.0)
    processor.checkpoint()


async def test_what_is_finished_is_not_kept() -> None:
    class Big:
        pass

    async with running(BackgroundProcessor()) as processor:
        big = Big()
        gone = weakref.ref(big)

        def work(kept: Big = big) -> Big:
            return kept

        gc.disable()
        try:
            assert await processor.submit("k", work, priority=IDLE, label="") is big
            del big, work
            await until(lambda: gone() is None)
        finally:
            gc.enable()
