"""Caches for tests."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from promptls.cache import Cache, CountRecord, FetchRecord, FileRecord, Problem
from promptls.cache.cache import MAX_BYTES
from promptls.cache.location import FILE_NAME

NOW = 1_750_000_000.0
DAY = 86_400.0

Kept = TypeVar("Kept", CountRecord, FileRecord, FetchRecord)

COUNT = CountRecord("c0" * 16, "cl100k_base", "claude 1", 7, 40, "head ", " tail", b'["parts"]')
FILE = FileRecord("/w/a.md", "1:2:3:4:5", "c0" * 16, "notices")
FETCH = FetchRecord(
    "GET", "https://example.com/a?b", "", "", 200, b"\x00body\xff", "utf-8", '"e"', "Fri", 1.0, 2.0
)


class Opener:
    """Opens caches in one folder and remembers what they told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / FILE_NAME
        self.now = NOW
        self.monotonic = 100.0
        self.problems: list[Problem] = []
        self._caches: list[Cache] = []

    def __call__(self, url: str | None = None, max_bytes: int = MAX_BYTES) -> Cache:
        cache = Cache(
            url,
            self.folder,
            on_problem=self.problems.append,
            clock=lambda: self.now,
            monotonic=lambda: self.monotonic,
            max_bytes=max_bytes,
        )
        self._caches.append(cache)
        return cache

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.problems]

    def close(self) -> None:
        for cache in self._caches:
            cache.close()

    def query(self, statement: str) -> object:
        """The first figure of what plain SQLite says."""
        connection = sqlite3.connect(self.path)
        try:
            with connection:
                row = connection.execute(statement).fetchone()
            return None if row is None else row[0]
        finally:
            connection.close()


def count_of(number: int, generation: int = 0) -> CountRecord:
    """A record whose parts all tell its number and generation."""
    text = f"{number}.{generation} "
    return CountRecord(
        f"{number:032x}",
        "o200k_base",
        "",
        generation,
        number,
        text * 3,
        text * 5,
        (text * 50).encode(),
    )


def without_use(record: Kept) -> Kept:
    """The record as it was before it was put."""
    return replace(record, used_at=0.0)
