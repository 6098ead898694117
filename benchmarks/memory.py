"""Resident memory of the server, its child processes included, with 10 MB open."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.documents import MB, markdown
from benchmarks.process_memory import require_proc, resident
from benchmarks.table import Goal, Row

_SETTLED_AFTER = 3.0
"""Seconds after the count when memory that is given back has been given back."""


def rows(bench: Bench) -> Iterator[Row]:
    """Settled and peak, in megabytes of 10^6 bytes, with one encoding loaded."""
    require_proc()
    with bench.ours() as session:
        session.open("large.md", markdown(10 * MB), look_up_total=False)
        time.sleep(_SETTLED_AFTER)
        pid = session.client.process.pid
        yield _row("settled", resident(pid, "VmRSS"), 200)
        yield _row("peak", resident(pid, "VmHWM"), 300)


def _row(what: str, size: int, limit: int) -> Row:
    figure = size / MB
    return Row(f"resident memory, 10 MB open, {what}", figure, None, "-", Goal("megabytes", limit))
