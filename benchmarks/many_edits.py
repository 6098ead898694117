"""A thousand edits in one change, as a rename or a formatter sends them."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.documents import MB, markdown
from benchmarks.measure import Typist, interleave
from benchmarks.table import Goal, Row
from benchmarks.typing_plan import many_at_once

_EDITS = 1_000
_SEED = 11
_CHANGES = 10
_CHANGES_APPLYING = 2


def rows(bench: Bench) -> Iterator[Row]:
    """1,000 letters on random lines of 1 MB of Markdown, against plain pygls likewise."""
    text = markdown(MB)
    lines = text.split("\n")
    with bench.ours() as ours, bench.stock("stock_idle_server") as applying:
        uri = ours.open("edits.md", text)
        typist = Typist(ours, uri, many_at_once(lines, _SEED, _EDITS))
        uri = applying.open("edits.md", text)
        alternative = Typist(applying, uri, many_at_once(lines, _SEED, _EDITS))
        mine, theirs = interleave(
            lambda: typist.type(_CHANGES),
            lambda: alternative.type(_CHANGES_APPLYING),
            bench.rounds(5),
        )
    yield Row(
        "1,000 edits in one didChange, 1 MB",
        mine.median,
        theirs.median,
        "plain pygls that applies them",
        Goal("faster", 80),
        mine.p99,
        theirs.p99,
    )
