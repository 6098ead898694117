"""A progress bar on standard error, for work that takes longer than a moment."""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

DELAY = 1.0
"""Seconds of work before the bar appears."""

Item = TypeVar("Item")


def tracked(items: Sequence[Item]) -> Generator[Item, None, None]:
    """Give the items one by one and, on a terminal, show how many are done."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield from items
        return
    bar = _Bar(len(items))
    try:
        for item in items:
            yield item
            bar.advance()
    finally:
        bar.close()


class _Bar:
    """A bar that a timer shows, so that it appears during a single long document too."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._lock = threading.Lock()
        self._closed = False
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._timer = threading.Timer(DELAY, self._show)
        self._timer.daemon = True
        self._timer.start()

    def advance(self) -> None:
        with self._lock:
            self._done += 1
            if self._progress is not None and self._task is not None:
                self._progress.update(self._task, completed=self._done)

    def close(self) -> None:
        self._timer.cancel()
        with self._lock:
            self._closed = True
            if self._progress is not None:
                self._progress.stop()

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        with self._lock:
            if self._closed:
                return
            columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            # Redirection would swallow what is printed meanwhile.
            self._progress = Progress(
                *columns,
                console=Console(stderr=True),
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._task = self._progress.add_task("", total=self._total, completed=self._done)
            self._progress.start()
