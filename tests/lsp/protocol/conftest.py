from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import pytest
from tests.lsp.wire import Wire, python, spawned

DEMO = str(Path(__file__).with_name("demo_server.py"))


class Start(Protocol):
    def __call__(self, *options: str) -> AbstractContextManager[Wire]: ...


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Start a demo server of one's own; not initialized."""

    def begin(*options: str) -> AbstractContextManager[Wire]:
        return spawned(python(DEMO, *options), tmp_path / "stderr")

    return begin


@pytest.fixture
def demo(start: Start) -> Iterator[Wire]:
    """An initialized demo server of one's own."""
    with start() as wire:
        wire.initialize()
        yield wire


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """An initialized demo server for tests that leave it as they found it."""
    with spawned(python(DEMO), tmp_path_factory.mktemp("demo") / "stderr") as wire:
        wire.initialize()
        yield wire
        assert wire.shutdown() == 0
