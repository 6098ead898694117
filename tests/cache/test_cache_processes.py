"""Several processes on one database, some of them killed."""

from __future__ import annotations

import multiprocessing
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess

import pytest
from tests.cache import writing_process
from tests.cache.opened import Opener, count_of, without_use

from promptls.cache import Cache


@pytest.fixture(scope="module")
def context() -> ForkServerContext:
    """Starts processes that need not import SQLAlchemy first."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.cache.writing_process", "promptls.cache.pruning"])
    return context


class Processes:
    """Processes with a pipe to each, ended with the test."""

    def __init__(self, context: ForkServerContext) -> None:
        self._context = context
        self.started: list[ForkServerProcess] = []

    def start(self, target: object, *arguments: object) -> tuple[ForkServerProcess, Connection]:
        mine, its = self._context.Pipe()
        process = self._context.Process(
            target=target,  # type: ignore[arg-type]
            args=tuple(its if one is PIPE else one for one in arguments),
            daemon=True,
        )
        process.start()
        its.close()
        self.started.append(process)
        return process, mine

    def start_ready(
        self, target: object, *arguments: object
    ) -> tuple[ForkServerProcess, Connection]:
        process, pipe = self.start(target, *arguments)
        assert receive(pipe) == "ready"
        return process, pipe


PIPE = object()
"""Stands for the process's end of the pipe among its arguments."""


def receive(pipe: Connection) -> object:
    assert pipe.poll(60), "the process does not answer"
    return pipe.recv()


@pytest.fixture
def processes(context: ForkServerContext) -> Iterator[Processes]:
    processes = Processes(context)
    yield processes
    for process in processes.started:
        process.kill()
        process.join()


def test_two_writers_at_once(opener: Opener, processes: Processes) -> None:
    pipes = [
        processes.start_ready(writing_process.write_own, opener.folder, PIPE, first, 400)[1]
        for first in (0, 200)  # half of the records are the same
    ]
    for pipe in pipes:
        pipe.send("go")
    assert [receive(pipe) for pipe in pipes] == [[], []]
    found = opener().get_counts([count_of(number).key for number in range(700)])
    assert {key: without_use(record) for key, (record, _) in found.items()} == {
        count_of(number).key: count_of(number) for number in range(600)
    }
    assert opener.query("PRAGMA integrity_check") == "ok"


def test_a_writer_that_is_killed(opener: Opener, processes: Processes) -> None:
    moment = random.Random(3)
    generation = 0
    for _ in range(20):
        process, pipe = processes.start_ready(
            writing_process.write_for_ever, opener.folder, PIPE, generation + 1
        )
        time.sleep(moment.uniform(0, 0.08))
        process.kill()
        process.join()
        pipe.close()
        with closing(sqlite3.connect(opener.path)) as plain:
            assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        cache = opener()
        found = cache.get_counts([count_of(number).key for number in range(writing_process.KEYS)])
        assert len(found) == writing_process.KEYS
        generations = set()
        for number in range(writing_process.KEYS):
            record = found[count_of(number).key][0]
            assert record.tokens is not None
            assert without_use(record) == count_of(number, record.tokens)
            generations.add(record.tokens)
        assert len(generations) == 1, "a batch is written whole"
        assert min(generations) > generation, "what was flushed is not lost"
        generation = max(generations)
        assert cache.close(10)
    assert opener.codes == []


def test_a_process_that_is_killed_while_it_opens(opener: Opener, processes: Processes) -> None:
    moment = random.Random(5)
    for number in range(10):
        opener.folder = opener.folder.with_name(f"cache {number}")
        opener.path = opener.folder / opener.path.name
        process, _ = processes.start(writing_process.write_for_ever, opener.folder, PIPE, 1)
        time.sleep(moment.uniform(0, 0.06))
        process.kill()
        process.join()
        cache = opener()
        found = cache.get_counts([count_of(number).key for number in range(writing_process.KEYS)])
        assert len(found) in (0, writing_process.KEYS)
        cache.put_count(count_of(1))
        assert cache.flush(10)
    assert opener.codes == []


def check_leases(url: str, opener: Opener, processes: Processes) -> None:
    (_, one), (_, other) = (
        processes.start_ready(writing_process.take_leases, url, opener.folder, PIPE, owner)
        for owner in ("one", "other")
    )
    one.send("go")
    other.send("go")
    taken, rest = receive(one), receive(other)
    assert isinstance(taken, list) and isinstance(rest, list)
    assert sorted(taken + rest) == list(range(100)), "each has one holder"

    def acquire(pipe: Connection, name: str, seconds: float) -> object:
        pipe.send((name, seconds))
        return receive(pipe)

    assert acquire(one, "a", 600) is True
    assert acquire(other, "a", 600) is False
    assert acquire(one, "a", 600) is True  # lengthened
    assert acquire(other, "a", 0) is True  # what is another's is not released
    assert acquire(other, "a", 600) is False
    assert acquire(one, "a", 0) is True
    assert acquire(other, "a", 0.2) is True
    time.sleep(0.3)
    assert acquire(one, "a", 600) is True  # expired
    one.send(None)
    other.send(None)


def test_leases(opener: Opener, processes: Processes) -> None:
    check_leases("", opener, processes)


def test_what_was_put_under_a_lease_is_there_when_it_is_free(
    opener: Opener, processes: Processes
) -> None:
    _, pipe = processes.start_ready(writing_process.hold_shortly, opener.folder, PIPE)
    cache = Cache(folder=opener.folder)  # by the same clock
    assert not cache.acquire_lease("work", "me", 60)
    pipe.send("go")
    assert receive(pipe) == "released"
    assert cache.acquire_lease("work", "me", 60)
    assert cache.get_count(count_of(1).key) is not None
    cache.close()


def test_a_lease_of_a_clock_that_is_wrong(opener: Opener) -> None:
    cache = opener()
    opener.now += 1_000_000
    assert cache.acquire_lease("a", "one", 60)
    opener.now -= 1_000_000
    assert cache.acquire_lease("a", "other", 60)


@pytest.mark.parametrize("url", ["memory", "klingon://nowhere"])
def test_leases_without_a_database(opener: Opener, url: str) -> None:
    cache = opener(url)
    assert cache.acquire_lease("a", "one", 60)
    assert not cache.acquire_lease("a", "other", 60)
    assert cache.acquire_lease("b", "other", 60)
    cache.release_lease("a", "other")
    assert not cache.acquire_lease("a", "other", 60)
    cache.release_lease("a", "one")
    assert cache.acquire_lease("a", "other", 60)
    opener.monotonic += 61
    assert cache.acquire_lease("a", "one", 60)
