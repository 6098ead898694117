"""Resident memory of the server, its child processes included, with 10 MB open."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.documents import MB, markdown
from benchmarks.table import Goal, Row

_PROC = Path("/proc")
_SETTLED_AFTER = 3.0
"""Seconds after the count when memory that is given back has been given back."""


def rows(bench: Bench) -> Iterator[Row]:
    """Settled and peak, in megabytes of 10^6 bytes, with one encoding loaded."""
    if not (_PROC / "self" / "status").exists():
        raise NotImplementedError("resident memory is read from /proc, which only Linux has")
    with bench.ours() as session:
        session.open("large.md", markdown(10 * MB), look_up_total=False)
        time.sleep(_SETTLED_AFTER)
        processes = _with_children(session.client.process.pid)
        yield _row("settled", sum(_size(pid, "VmRSS") for pid in processes), 200)
        yield _row("peak", sum(_size(pid, "VmHWM") for pid in processes), 300)


def _with_children(pid: int) -> list[int]:
    """List a process and all that it started."""
    found = [pid]
    for file in (_PROC / str(pid) / "task").glob("*/children"):
        for child in file.read_text(encoding="ascii").split():
            found += _with_children(int(child))
    return found


def _size(pid: int, field: str) -> int:
    """Read a size from a process's status, in bytes."""
    status = (_PROC / str(pid) / "status").read_text(encoding="utf-8")
    found = re.search(rf"{field}:\s+(\d+) kB", status)
    if found is None:
        raise ValueError(f"no {field} in the status of process {pid}")
    return int(found[1]) * 1024


def _row(what: str, size: int, limit: int) -> Row:
    figure = size / MB
    return Row(f"resident memory, 10 MB open, {what}", figure, None, "-", Goal("megabytes", limit))
