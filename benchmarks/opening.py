"""From `didOpen` of 10 MB to the total, and what it means for typing in another document."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from benchmarks.bench import Bench
from benchmarks.client import RefusedError
from benchmarks.counting_process import CountingProcess, counting_process
from benchmarks.documents import KB, MB, markdown, prose_line_near
from benchmarks.measure import Typist, no_collection, summarize
from benchmarks.session import Session, open_frame
from benchmarks.table import Goal, Row
from benchmarks.typing_plan import Place, in_place

_SETTLED_AFTER = 1.0
"""Seconds after which a server that was just started has nothing left to do."""
_KEYS = 300


def rows(bench: Bench) -> Iterator[Row]:
    """Open with tiktoken, open with the fast extra, type meanwhile."""
    text = markdown(10 * MB)
    with _whole_text(bench, text) as whole:
        yield _open_row(bench, text, whole, "tiktoken", 1.2)
        if importlib.util.find_spec("quicktok") is None:
            raise ModuleNotFoundError("quicktok is not installed (pip install promptls[fast])")
        yield _open_row(bench, text, whole, "quicktok", 0.5)
    yield _typing_meanwhile(bench, text)


@contextmanager
def _whole_text(bench: Bench, text: str) -> Iterator[CountingProcess]:
    path = bench.folder / "whole.md"
    path.write_bytes(text.encode())
    with counting_process(bench, "whole_text", str(path)) as whole:
        whole.count()
        yield whole


def _open_row(bench: Bench, text: str, whole: CountingProcess, engine: str, limit: float) -> Row:
    """Open in a fresh process each time, so that no count can be remembered.

    With the fast extra a small document is opened before: the vocabulary is then loaded.
    """
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(bench.rounds(7)):
        with bench.ours(engine) as session:
            if engine == "quicktok":
                session.open("small.md", "# Small\n\nA document.\n")
            time.sleep(_SETTLED_AFTER)
            session.client.drain()
            uri = session.uri("large.md")
            message = open_frame(uri, text)
            with no_collection():
                start = time.perf_counter()
                session.client.write(message)
                ours.append(session.wait_for_total(uri) - start)
            counted = whole.count()
            theirs.append(counted.seconds)
            total = session.total(uri)
            if total != counted.tokens:
                raise ValueError(f"{total} tokens, but tiktoken counts {counted.tokens}")
    suffix = ", promptls[fast], vocabulary loaded" if engine == "quicktok" else ""
    return Row(
        f"didOpen of 10 MB to the total{suffix}",
        median(ours),
        median(theirs),
        "tiktoken, whole text",
        Goal("ratio", limit),
        note=f"until the reportChanged with which the total is there; {len(ours)} fresh processes; "
        "each total compared with tiktoken's",
    )


def _typing_meanwhile(bench: Bench, text: str) -> Row:
    idle: list[float] = []
    busy: list[float] = []
    for _ in range(bench.rounds(3)):
        with bench.ours() as session:
            idle_durations, busy_durations = _type_while_opening(session, text)
            idle += idle_durations
            busy += busy_durations
    mine, theirs = summarize(busy), summarize(idle)
    return Row(
        "keystroke in 100 KB while 10 MB is counted",
        mine.median,
        theirs.median,
        "the same, nothing counted",
        Goal("ratio", 10.0),
        mine.p99,
        theirs.p99,
        note=f"{len(busy)} keys, the slowest {max(busy) * 1000:.0f} ms",
    )


def _type_while_opening(session: Session, text: str) -> tuple[list[float], list[float]]:
    """Type in a small document, first alone, then from the opening of `text` to its total."""
    if not session.tells_changes:
        raise RefusedError("the server is not promptls: it does not tell when it has counted")
    small = markdown(100 * KB)
    lines = small.split("\n")
    number = prose_line_near(lines, len(lines) // 2)
    middle = Place(number, len(lines[number]) // 2)
    typist = Typist(session, session.open("small.md", small), in_place(middle))
    typist.type(_KEYS)
    idle = typist.type(_KEYS)
    session.client.drain()
    session.client.inbox.clear()
    uri = session.uri("large.md")
    session.client.write(open_frame(uri, text))
    busy = typist.type(2)
    while not (session.has_been_told(uri) and session.knows_total(uri)):
        busy += typist.type(2)
    return idle, busy
