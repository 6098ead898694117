"""What other processes do in tests; multiprocessing imports this file by its name."""

from __future__ import annotations

import itertools
import time
from multiprocessing.connection import Connection
from pathlib import Path

from tests.cache.opened import count_of

from promptls.cache import Cache

KEYS = 150


def write_for_ever(folder: Path, ready: Connection, first: int) -> None:
    """Puts new generations of the same records, as fast as they are written."""
    cache = Cache(folder=folder)
    for generation in itertools.count(first):
        for number in range(KEYS):
            cache.put_count(count_of(number, generation))
        cache.flush(10)
        if generation == first:
            ready.send("ready")


def write_own(folder: Path, answer: Connection, first: int, records: int) -> None:
    """Writes some records in small batches; answers with what the cache told."""
    problems: list[str] = []
    cache = Cache(folder=folder, on_problem=lambda problem: problems.append(problem.message))
    answer.send("ready")
    answer.recv()
    for number in range(first, first + records):
        cache.put_count(count_of(number))
        if number % 20 == 0:
            cache.flush(20)
    if not cache.close(20):
        problems.append("not all was written")
    answer.send(problems)


def take_leases(url: str, folder: Path, answer: Connection, owner: str) -> None:
    """Takes as many of the leases as it can get, then as told."""
    cache = Cache(url, folder)
    cache.open()
    answer.send("ready")
    answer.recv()
    answer.send([n for n in range(100) if cache.acquire_lease(f"lease {n}", owner, 600)])
    while (asked := answer.recv()) is not None:
        name, seconds = asked
        if seconds:
            answer.send(cache.acquire_lease(name, owner, seconds))
        else:
            cache.release_lease(name, owner)
            answer.send(True)
    cache.close()


def hold_shortly(folder: Path, answer: Connection) -> None:
    """Takes a lease, puts a record and gives the lease back."""
    cache = Cache(folder=folder)
    assert cache.acquire_lease("work", "holder", 60)
    answer.send("ready")
    answer.recv()
    time.sleep(0.2)
    cache.put_count(count_of(1))
    cache.release_lease("work", "holder")
    answer.send("released")
    answer.recv()
