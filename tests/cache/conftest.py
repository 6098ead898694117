from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cache.opened import Opener


@pytest.fixture
def opener(tmp_path: Path) -> Iterator[Opener]:
    """Opens caches in one folder, with clocks that stand still, and closes them."""
    opener = Opener(tmp_path / "cache")
    yield opener
    opener.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits for locks only shortly."""
    monkeypatch.setattr("promptls.cache.sqlite_file.BUSY_TIMEOUT", 50)
