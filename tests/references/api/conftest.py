from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.oracles.web_server import WebServer, web_server
from tests.references.api.asking import Time

from promptls.cache import Cache


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


@pytest.fixture
def other_server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Callable[..., Cache]]:
    """Makes caches over one database file, as several processes have them."""
    made: list[Cache] = []

    def make(at: Time | None = None) -> Cache:
        clock = (at or Time()).clock
        cache = Cache(f"sqlite:///{tmp_path / 'cache.sqlite3'}", clock=clock)
        cache.open()
        made.append(cache)
        return cache

    yield make
    for cache in made:
        cache.close()
