"""Typing at servers, and what a list of durations comes to."""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import NamedTuple

from benchmarks.client import RefusedError
from benchmarks.session import VISIBLE_LINES, Session
from benchmarks.typing_plan import Step


class Summary(NamedTuple):
    """Seconds: the middle one, and the one that 99 of 100 do not exceed."""

    median: float
    p99: float


def summarize(durations: Sequence[float]) -> Summary:
    """Median and 99th percentile (nearest rank) of durations in seconds."""
    ordered = sorted(durations)
    return Summary(statistics.median(ordered), ordered[math.ceil(0.99 * len(ordered)) - 1])


class Typist:
    """Types at one document of one server, step by step of a plan."""

    def __init__(self, session: Session, uri: str, plan: Iterator[Step]) -> None:
        """Type at an open document of the session."""
        self._session = session
        self._uri = uri
        self._plan = plan

    def type(self, keys: int) -> list[float]:
        """Type; for each key the seconds from writing `didChange` to the hints' arrival.

        The messages are made beforehand, and what the server has sent since the last time is
        read before the clock runs.
        """
        messages = [self._messages(step) for step in islice(self._plan, keys)]
        client, clock = self._session.client, time.perf_counter
        client.drain()
        durations = []
        body = b""
        with no_collection():
            for change, ask, request_id in messages:
                start = clock()
                client.write(change)
                client.write(ask)
                body = client.reply(request_id)
                durations.append(clock() - start)
        if b'"error"' in body[:128]:
            raise RefusedError(body[:300].decode(errors="replace"))
        return durations

    def _messages(self, step: Step) -> tuple[bytes, bytes, int]:
        version = self._session.next_version(self._uri)
        request_id = self._session.client.new_id()
        last_line = step.first_line + VISIBLE_LINES
        change = (
            '{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":'
            f'{{"uri":"{self._uri}","version":{version}}},"contentChanges":{step.changes}}}}}'
        )
        ask = (
            f'{{"jsonrpc":"2.0","id":{request_id},"method":"textDocument/inlayHint","params":'
            f'{{"textDocument":{{"uri":"{self._uri}"}},"range":{{"start":{{"line":'
            f'{step.first_line},"character":0}},"end":{{"line":{last_line},"character":0}}}}}}}}'
        )
        return _framed(change), _framed(ask), request_id


def _framed(body: str) -> bytes:
    data = body.encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(data), data)


def interleave(
    ours: Callable[[], Sequence[float]], theirs: Callable[[], Sequence[float]], rounds: int
) -> tuple[Summary, Summary]:
    """Measure in turn, so that what else the machine does falls on both; one round to warm up."""
    our_durations: list[float] = []
    their_durations: list[float] = []
    ours()
    theirs()
    for _ in range(rounds):
        our_durations += ours()
        their_durations += theirs()
    return summarize(our_durations), summarize(their_durations)


@contextmanager
def no_collection() -> Iterator[None]:
    """Keep this process's garbage collector out of what is timed."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
