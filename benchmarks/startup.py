"""From the start of the process to the first answer, and to the first figures."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.client import Client, ServerGoneError
from benchmarks.documents import KB, markdown
from benchmarks.measure import interleave
from benchmarks.session import Session, is_counting, open_frame
from benchmarks.table import Goal, Row

_POLL = 0.02
"""Seconds to wait for word of new hints before asking again all the same."""

_GIVE_UP = 30.0


def rows(bench: Bench) -> Iterator[Row]:
    """Spawn to `initialize` reply, and to the first hints of a 100 KB document."""
    mine, theirs = interleave(
        lambda: [_until_initialized(bench, bench.command)],
        lambda: [_until_initialized(bench, bench.program("bare_server"))],
        bench.rounds(20),
    )
    yield Row(
        "spawn to initialize reply",
        mine.median,
        theirs.median,
        "bare pygls server",
        Goal("ratio", 1.2),
    )
    text = markdown(100 * KB)
    path = bench.folder / "start.md"
    path.write_bytes(text.encode())
    mine, theirs = interleave(
        lambda: [_until_hints(bench, text)],
        lambda: [_until_counted(bench, path)],
        bench.rounds(15),
    )
    yield Row(
        "spawn to first hints of 100 KB",
        mine.median,
        theirs.median,
        "import pygls, tiktoken; load; count",
        Goal("ratio", 1.3),
    )


def _until_initialized(bench: Bench, command: Sequence[str]) -> float:
    with Client(command, bench.env) as client:
        Session(client, bench.workspace)
        return time.perf_counter() - client.spawned_at


def _until_hints(bench: Bench, text: str) -> float:
    """Open the document right after the reply; until hints come that are figures."""
    with bench.ours() as session:
        uri = session.uri("start.md")
        session.client.write(open_frame(uri, text))
        while not (hints := session.hints(uri)) or is_counting(hints):
            if time.perf_counter() - session.client.spawned_at > _GIVE_UP:
                raise ServerGoneError(f"no figures in the hints within {_GIVE_UP:.0f} s")
            session.client.wait_for_message(_POLL)
            session.client.drain()
        return time.perf_counter() - session.client.spawned_at


def _until_counted(bench: Bench, path: Path) -> float:
    """Run the alternative; until its figure is on standard output."""
    start = time.perf_counter()
    process = subprocess.Popen(
        bench.program("count_once", str(path)), stdout=subprocess.PIPE, env=dict(bench.env)
    )
    with process:
        assert process.stdout is not None  # noqa: S101
        process.stdout.readline()
        return time.perf_counter() - start
