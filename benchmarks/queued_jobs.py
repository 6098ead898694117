"""A key in one document while the thousand references of another are being looked up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.bench import Bench
from benchmarks.documents import KB, markdown, prose_line_near
from benchmarks.measure import Typist, summarize
from benchmarks.referenced_files import list_of_references, wait_until_settled, write_files
from benchmarks.references import FILES, SIZE
from benchmarks.session import Session, is_counting, open_frame
from benchmarks.table import Goal, Row
from benchmarks.typing_plan import Place, in_place

_WARM_UP = 100
_FAST_KEYS = 400
_SLOW_KEYS = 30
_SLOW_PAUSE = 0.1
"""Seconds between keys of somebody who types fast: 10 keys a second."""
_IDLE_AFTER = 1.0
"""Seconds after which a server has nothing left to do."""


class _Typed(NamedTuple):
    """Seconds of each key, with nothing queued and with jobs queued."""

    idle: list[float]
    busy: list[float]

    def add(self, other: _Typed) -> None:
        """Take over the keys of another round."""
        self.idle.extend(other.idle)
        self.busy.extend(other.busy)


def rows(bench: Bench) -> Iterator[Row]:
    """Keys one after the other, and ten a second; fresh processes with empty caches."""
    workspace = bench.folder / "references"
    text = list_of_references(write_files(workspace, FILES, SIZE))
    wait_until_settled()
    for what, keys, pause in (
        ("keystroke with 1,000 jobs queued", _FAST_KEYS, 0.0),
        ("  ten keys a second", _SLOW_KEYS, _SLOW_PAUSE),
    ):
        typed = _Typed([], [])
        for number in range(bench.rounds(5)):
            cache = f"jobs-{len(what)}-{number}"
            with bench.ours(workspace=workspace, cache=cache) as session:
                typed.add(_type(session, text, keys, pause))
        mine, theirs = summarize(typed.busy), summarize(typed.idle)
        yield Row(
            what,
            mine.median,
            theirs.median,
            "the same, nothing queued",
            Goal("ratio", 1.2),
            mine.p99,
            theirs.p99,
            note=f"{len(typed.busy)} keys while references of another document were pending, the "
            f"slowest {max(typed.busy) * 1000:.0f} ms",
        )


def _type(session: Session, text: str, keys: int, pause: float) -> _Typed:
    """Type alone, then from the opening of the references until they are all looked up."""
    small = markdown(100 * KB)
    lines = small.split("\n")
    number = prose_line_near(lines, len(lines) // 2)
    middle = Place(number, len(lines[number]) // 2)
    typist = Typist(session, session.open("small.md", small), in_place(middle))
    typist.type(_WARM_UP)
    time.sleep(_IDLE_AFTER)
    idle = [_key(typist, pause) for _ in range(keys)]
    session.client.drain()
    uri = session.uri("references.md")
    session.client.write(open_frame(uri, text))
    while not session.hints(uri):
        session.client.wait_for_message(0.01)
    busy: list[float] = []
    while len(busy) < keys:
        key = _key(typist, pause)
        if not is_counting(session.hints(uri)):
            break
        busy.append(key)
    if not busy:
        raise ValueError("the references were looked up before a key was typed")
    return _Typed(idle, busy)


def _key(typist: Typist, pause: float) -> float:
    if pause:
        time.sleep(pause)
    return typist.type(1)[0]
