"""A keystroke in a document that is one line of 1 MB."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.documents import MB, base64_line, cjk_line, prose_line
from benchmarks.measure import Typist, interleave
from benchmarks.table import Goal, Row
from benchmarks.typing_plan import Place, in_place

_KEYS = 100
_KEYS_APPLYING = 4


def rows(bench: Bench) -> Iterator[Row]:
    """Prose, base64 and CJK with punctuation, against plain pygls that only applies the change.

    That is the stock idle server with the document open: pygls applies each change as it comes.
    """
    texts = {"prose": prose_line(MB), "base64": base64_line(MB), "CJK": cjk_line(MB)}
    for kind, text in texts.items():
        middle = Place(0, len(text) // 2)
        with bench.ours() as ours, bench.stock("stock_idle_server") as applying:
            typist = Typist(ours, ours.open("line.md", text), in_place(middle))
            alternative = Typist(applying, applying.open("line.md", text), in_place(middle))
            mine, theirs = interleave(
                lambda typist=typist: typist.type(_KEYS),  # type: ignore[misc]
                lambda typist=alternative: typist.type(_KEYS_APPLYING),  # type: ignore[misc]
                bench.rounds(5),
            )
        yield Row(
            f"keystroke, one line of 1 MB, {kind}",
            mine.median,
            theirs.median,
            "plain pygls that applies it",
            Goal("faster", 200),
            mine.p99,
            theirs.p99,
        )
