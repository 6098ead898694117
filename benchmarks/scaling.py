"""A key in a large document against the same key in a small one: what must not grow."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.documents import KB, MB, markdown, prose_line_near
from benchmarks.measure import Typist, interleave
from benchmarks.session import Session
from benchmarks.table import Goal, Row
from benchmarks.typing_plan import Place, in_place

_KEYS = 100


def rows(bench: Bench) -> Iterator[Row]:
    """Type a letter and Enter at 10 MB against 100 KB, each in a process of its own."""
    with bench.ours() as large, bench.ours() as small:
        large_uri, large_middle = _open(large, 10 * MB)
        small_uri, small_middle = _open(small, 100 * KB)
        for what, typed in (("keystroke, 10 MB", "x"), ("Enter, 10 MB", "\n")):
            at_large = Typist(large, large_uri, in_place(large_middle, typed))
            at_small = Typist(small, small_uri, in_place(small_middle, typed))
            mine, theirs = interleave(
                lambda typist=at_large: typist.type(_KEYS),  # type: ignore[misc]
                lambda typist=at_small: typist.type(_KEYS),  # type: ignore[misc]
                bench.rounds(20),
            )
            yield Row(
                what,
                mine.median,
                theirs.median,
                "the same at 100 KB",
                Goal("ratio", 1.3),
                mine.p99,
                theirs.p99,
            )


def _open(session: Session, size: int) -> tuple[str, Place]:
    text = markdown(size)
    lines = text.split("\n")
    number = prose_line_near(lines, len(lines) // 2)
    return session.open("scaling.md", text), Place(number, len(lines[number]) // 2)
