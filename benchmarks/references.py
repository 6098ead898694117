"""A thousand file references: looked up for the first time, after a restart, after a change."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.bench import Bench
from benchmarks.counting_process import CountingProcess, counting_process
from benchmarks.documents import MB
from benchmarks.measure import no_collection
from benchmarks.process_memory import bytes_read, require_proc
from benchmarks.referenced_files import (
    FOLDER,
    list_of_references,
    sum_of_tokens,
    wait_until_settled,
    write_files,
)
from benchmarks.session import Resolved, Session, open_frame
from benchmarks.table import Goal, Row

FILES = 1_000
SIZE = 10 * MB

_IDLE_AFTER = 1.0
"""Seconds after which a server that was just started has nothing left to do."""
_CHANGED = 5
"""Files that are changed and changed back, one at a time, in each round."""


class _Change(NamedTuple):
    """What became of one change on disk."""

    seconds: float
    bytes_read: int


def rows(bench: Bench) -> Iterator[Row]:
    """Cold, from the database, and one of them changed: each round with a new database."""
    require_proc()
    workspace = bench.folder / "references"
    text = list_of_references(write_files(workspace, FILES, SIZE))
    cold: list[float] = []
    theirs: list[float] = []
    again: list[float] = []
    changes: list[_Change] = []
    with counting_process(bench, "read_and_count") as loop:
        _warm_up(bench, workspace, loop, text)
        for number in range(bench.rounds(5)):
            wait_until_settled()
            cache = f"references-{number}"
            with bench.ours(workspace=workspace, cache=cache) as session:
                cold.append(_open(session, loop, text).seconds)
                session.shut_down()
            theirs.append(loop.count(str(workspace / FOLDER)).seconds)
            with bench.ours(workspace=workspace, cache=cache) as session:
                opened = _open(session, loop, text)
                again.append(opened.seconds)
                changes += _change(session, loop, opened)
    yield Row(
        "1,000 file references, 10 MB, cold",
        median(cold),
        median(theirs),
        "tiktoken, one file after another",
        Goal("ratio", 1.5),
        note=f"from didOpen to the reportChanged with which nothing is pending; {len(cold)} fresh "
        "processes with empty caches; each sum compared with tiktoken's",
    )
    yield Row(
        "  after a restart, from the database",
        median(again),
        median(cold),
        "cold",
        Goal("faster", 20),
    )
    read = median(change.bytes_read for change in changes)
    yield Row(
        "  one of them changed, to the new total",
        median(change.seconds for change in changes),
        median(cold),
        "cold",
        Goal("faster", 100),
        note=f"from didChangeWatchedFiles; the server reads {read / 1000:,.0f} KB for one file of "
        f"{SIZE // FILES // 1000} KB, messages included",
    )


def _warm_up(bench: Bench, workspace: Path, loop: CountingProcess, text: str) -> None:
    """Have the bytecode of all that references need written, and the files in memory."""
    with bench.ours(workspace=workspace, cache="references") as session:
        _open(session, loop, text)
        session.shut_down()


class _Opened(NamedTuple):
    """The document of references once it is resolved."""

    seconds: float
    uri: str
    resolved: Resolved


def _open(session: Session, loop: CountingProcess, text: str) -> _Opened:
    time.sleep(_IDLE_AFTER)
    session.client.drain()
    uri = session.uri("references.md")
    message = open_frame(uri, text)
    with no_collection():
        start = time.perf_counter()
        session.client.write(message)
        resolved = session.wait_until_resolved(uri)
    _compare(session, loop, resolved)
    return _Opened(resolved.at - start, uri, resolved)


def _change(session: Session, loop: CountingProcess, opened: _Opened) -> Iterator[_Change]:
    """Take the last line from a file in the first window, and put it back, some times."""
    total = opened.resolved.report["expandedTokens"]
    for file in sorted((session.folder / FOLDER).iterdir())[:_CHANGED]:
        text = file.read_bytes()
        for content in (text[: text.rindex(b"\n")].rstrip(b"\n"), text):
            file.write_bytes(content)
            change, resolved = _told(session, opened.uri, file, total)
            total = resolved.report["expandedTokens"]
            _compare(session, loop, resolved)
            yield change


def _told(session: Session, uri: str, file: Path, total: int) -> tuple[_Change, Resolved]:
    """Tell the server of a file that has changed, and wait for the new total."""
    client, pid = session.client, session.client.process.pid
    client.drain()
    client.inbox.clear()
    read = bytes_read(pid)
    event = {"uri": file.as_uri(), "type": 2}
    with no_collection():
        start = time.perf_counter()
        client.notify("workspace/didChangeWatchedFiles", {"changes": [event]})
        resolved = session.wait_until_resolved(uri, other_than=total)
    return _Change(resolved.at - start, bytes_read(pid) - read), resolved


def _compare(session: Session, loop: CountingProcess, resolved: Resolved) -> None:
    counted = loop.count(str(session.folder / FOLDER))
    tokens = sum_of_tokens(resolved.report)
    if tokens != counted.tokens:
        raise ValueError(f"{tokens} tokens brought in, but tiktoken counts {counted.tokens}")
