"""`python -m benchmarks`: measure, and print a table of what is promised and what is reached."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import (
    fetching,
    keystroke,
    large_file,
    long_line,
    many_edits,
    many_references,
    memory,
    opening,
    queued_jobs,
    references,
    scaling,
    startup,
)
from benchmarks.bench import Bench
from benchmarks.client import RefusedError, ServerGoneError
from benchmarks.machine import machine_line
from benchmarks.table import Row, Unmeasured, render

GROUPS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "keystroke": keystroke.rows,
    "scaling": scaling.rows,
    "line": long_line.rows,
    "edits": many_edits.rows,
    "open": opening.rows,
    "start": startup.rows,
    "memory": memory.rows,
    "references": references.rows,
    "jobs": queued_jobs.rows,
    "many-references": many_references.rows,
    "fetch": fetching.rows,
    "large-file": large_file.rows,
}

_CANNOT_MEASURE = (
    RefusedError,
    ServerGoneError,
    OSError,
    ValueError,
    ModuleNotFoundError,
    NotImplementedError,
)


def main() -> int:
    """Run the groups asked for; 1 when one of them could not be measured, else 0."""
    options = _parse()
    machine = machine_line()
    rows: list[Row] = []
    failures: list[Unmeasured] = []
    with tempfile.TemporaryDirectory(prefix="promptls-bench-") as folder:
        bench = Bench.make(tuple(options.server), Path(folder), options.quick)
        for group in options.only:
            print(f"measuring: {group}", file=sys.stderr, flush=True)
            try:
                rows.extend(GROUPS[group](bench))
            except _CANNOT_MEASURE as error:
                failures.append(Unmeasured(group, f"{type(error).__name__}: {error}"))
    print(machine)
    print(render(rows))
    for failure in failures:
        print(f"not measured: {failure.group}: {failure.reason}")
    if options.json is not None:
        _write_json(options.json, machine, rows, failures)
    return 1 if failures else 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only",
        type=_groups,
        default=list(GROUPS),
        metavar="GROUP,...",
        help=f"groups to measure: {', '.join(GROUPS)}",
    )
    parser.add_argument("--quick", action="store_true", help="a fifth of the rounds")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON too")
    parser.add_argument(
        "--server",
        type=shlex.split,
        default=[sys.executable, "-m", "promptls", "server"],
        metavar="COMMAND",
        help="the server to measure (default: this Python's promptls)",
    )
    return parser.parse_args()


def _groups(names: str) -> list[str]:
    chosen = [name.strip() for name in names.split(",")]
    for name in chosen:
        if name not in GROUPS:
            raise argparse.ArgumentTypeError(f"no group {name!r}: choose of {', '.join(GROUPS)}")
    return chosen


def _write_json(path: Path, machine: str, rows: list[Row], failures: list[Unmeasured]) -> None:
    figures = {
        "machine": machine,
        "rows": [row.to_json() for row in rows],
        "notMeasured": [{"group": each.group, "reason": each.reason} for each in failures],
    }
    path.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
