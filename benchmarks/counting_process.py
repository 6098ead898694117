"""tiktoken in a process of its own, with the vocabulary loaded: what counting is compared with."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from benchmarks.bench import Bench


class Counted(NamedTuple):
    """One count by tiktoken."""

    seconds: float
    tokens: int


class CountingProcess:
    """A program of this folder that counts once for each line that it is sent."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Take over the process."""
        self._process = process

    def count(self, what: str = "") -> Counted:
        """Count once; `what` is the line to send, for a program that takes one."""
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()
        seconds, tokens = self._process.stdout.readline().split()
        return Counted(float(seconds), int(tokens))


@contextmanager
def counting_process(bench: Bench, name: str, *arguments: str) -> Iterator[CountingProcess]:
    """Start a program; it ends with the context."""
    process = subprocess.Popen(
        bench.program(name, *arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(bench.env),
    )
    with process:
        yield CountingProcess(process)
