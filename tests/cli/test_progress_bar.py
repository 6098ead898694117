from __future__ import annotations

import io
import sys
import time

import pytest

from promptls.cli import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def wait_for(terminal: Terminal, text: str) -> None:
    until = time.monotonic() + 20
    while text not in terminal.getvalue():
        assert time.monotonic() < until, terminal.getvalue()
        time.sleep(0.01)


def test_long_work_shows_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "DELAY", 0.01)
    monkeypatch.setenv("TERM", "xterm")
    items = progress.tracked(["a", "b", "c"])
    assert next(items) == "a"
    wait_for(terminal, "0/3")
    assert next(items) == "b"
    wait_for(terminal, "1/3")
    items.close()
    assert terminal.getvalue().endswith("\x1b[2K")  # the line of the bar is cleared


@pytest.mark.parametrize("stderr", [Terminal(), io.StringIO(), None])
def test_short_work_and_pipes_show_nothing(
    monkeypatch: pytest.MonkeyPatch, stderr: io.StringIO | None
) -> None:
    monkeypatch.setattr(sys, "stderr", stderr)
    if not isinstance(stderr, Terminal):
        monkeypatch.setattr(progress, "DELAY", 0)
    assert list(progress.tracked([1, 2, 3])) == [1, 2, 3]
    assert stderr is None or stderr.getvalue() == ""
