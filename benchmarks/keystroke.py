"""A keystroke in 10 MB of Markdown, against servers that count all of it and that do nothing."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.documents import (
    HEADINGS_IN_VIEW,
    MB,
    heading_window,
    markdown_with_headings,
    prose_line_near,
)
from benchmarks.measure import Summary, Typist, interleave
from benchmarks.session import Session
from benchmarks.table import Goal, Row
from benchmarks.typing_plan import Place, Step, anywhere, in_place

_SEED = 7
_KEYS = 100
_KEYS_COUNTING = 4
_TOP = Place(0, 0)


def rows(bench: Bench) -> Iterator[Row]:
    """Keystroke rows: the middle, anywhere, Enter, headings."""
    text = markdown_with_headings(10 * MB)
    lines = text.split("\n")
    number = prose_line_near(lines, len(lines) // 2)
    middle = Place(number, len(lines[number]) // 2)
    headings = heading_window(text) + HEADINGS_IN_VIEW // 2
    with bench.ours() as ours:
        uri = ours.open("large.md", text)
        yield _against_counting(bench, ours, uri, text, middle)
        with bench.stock("stock_idle_server") as idle:
            empty = idle.open("empty.md", "")

            def against_idle(plan: Iterator[Step], typed: str = "x") -> tuple[Summary, Summary]:
                alternative = Typist(idle, empty, in_place(_TOP, typed))
                typist = Typist(ours, uri, plan)
                return interleave(
                    lambda: typist.type(_KEYS),
                    lambda: alternative.type(_KEYS),
                    bench.rounds(20),
                )

            mine, theirs = against_idle(in_place(middle))
            yield _idle_row("keystroke, 10 MB", mine, theirs, 0.4)
            yield Row(
                "keystroke, 10 MB, p99",
                mine.p99,
                theirs.p99,
                "stock idle server, empty",
                Goal("ratio", 1.0),
            )
            mine, theirs = against_idle(anywhere(lines, _SEED))
            yield _idle_row("  at a random place each time", mine, theirs, 0.5)
            mine, theirs = against_idle(in_place(middle, "\n"), "\n")
            yield _idle_row("  Enter", mine, theirs, 0.5)
            mine, theirs = against_idle(in_place(Place(headings, len("### Al"))))
            yield _idle_row("  with 60 headings in view", mine, theirs, 0.6)


def _against_counting(bench: Bench, ours: Session, uri: str, text: str, middle: Place) -> Row:
    with bench.stock("stock_counting_server") as counting:
        counted = counting.open("large.md", text)
        typist = Typist(ours, uri, in_place(middle))
        alternative = Typist(counting, counted, in_place(middle))
        mine, theirs = interleave(
            lambda: typist.type(_KEYS), lambda: alternative.type(_KEYS_COUNTING), bench.rounds(4)
        )
    return Row(
        "keystroke, 10 MB",
        mine.median,
        theirs.median,
        "stock counting server, 10 MB",
        Goal("faster", 2_000),
        mine.p99,
        theirs.p99,
    )


def _idle_row(what: str, mine: Summary, theirs: Summary, limit: float) -> Row:
    return Row(
        what,
        mine.median,
        theirs.median,
        "stock idle server, empty",
        Goal("ratio", limit),
        mine.p99,
        theirs.p99,
    )
