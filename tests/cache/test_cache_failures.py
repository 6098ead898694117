"""Databases that are damaged, locked, closed to writing, full, or not what they should be."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy
from tests.cache.opened import COUNT, FETCH, FILE, Opener, count_of

from promptls.cache import Cache, CountRecord
from promptls.cache.gateway import RETRY_AFTER
from promptls.cache.tables import SCHEMA_VERSION

NOBODY = 65534
TEXT = b"This is not the database that you are looking for.\n" * 200


def fill(opener: Opener, records: int = 300) -> None:
    cache = opener()
    for number in range(records):
        cache.put_count(count_of(number))
    assert cache.close(10)


def works(cache: Cache) -> bool:
    """Whether memory keeps what is put, whatever the database does."""
    cache.put_count(COUNT)
    cache.put_file(FILE)
    cache.put_fetch(FETCH)
    return bool(
        cache.get_count(COUNT.key) and cache.get_files([FILE.path]) and cache.get_fetch(FETCH.key)
    )


def replaced(data: bytes) -> bytes:
    return random.Random(7).randbytes(len(data))


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2 + 100]


def first_page_lost(data: bytes) -> bytes:
    return data[:100] + bytes(3996) + data[4096:]


def rest_lost(data: bytes) -> bytes:
    return data[:4096] + random.Random(7).randbytes(len(data) - 4096)


def other_text(data: bytes) -> bytes:
    return TEXT


@pytest.mark.parametrize("damage", [replaced, cut, first_page_lost, rest_lost, other_text])
@pytest.mark.parametrize("suffix", ["", "-wal"])
def test_a_damaged_file(opener: Opener, damage: Callable[[bytes], bytes], suffix: str) -> None:
    fill(opener)
    data = damage(opener.path.read_bytes())
    opener.path.write_bytes(data)
    if suffix:
        Path(f"{opener.path}{suffix}").write_bytes(random.Random(1).randbytes(5000))
    cache = opener()
    for number in range(300):
        found = cache.get_count(count_of(number).key)
        assert found is None or found[0].tokens == 0
    assert works(cache)
    assert cache.flush(10)
    assert opener.codes == ["cache/corrupt"]
    (aside,) = opener.folder.glob("*.corrupt-*[0-9]")
    assert aside.read_bytes()[:1000] == data[:1000]
    assert aside.name in opener.problems[0].message
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    assert cache.close(10)
    again = opener()
    found = again.get_count(COUNT.key)
    assert found and found[1] == "database"
    assert opener.query("PRAGMA integrity_check") == "ok"


def test_one_damaged_file_is_kept(opener: Opener) -> None:
    for name in ("a", "b"):
        old = opener.folder / f"{opener.path.name}.corrupt-{name}"
        opener.folder.mkdir(exist_ok=True)
        old.touch()
    opener.path.write_bytes(TEXT)
    assert opener().open()
    (aside,) = opener.folder.glob("*.corrupt-*")
    assert aside.read_bytes() == TEXT


def test_an_empty_file_is_a_database(opener: Opener) -> None:
    opener.folder.mkdir()
    opener.path.touch()
    assert opener().open() and opener.codes == []


def test_a_file_damaged_while_it_is_open(opener: Opener) -> None:
    fill(opener)
    cache = opener()
    assert cache.get_count(count_of(1).key)
    # What another program does to a file shows once the page cache is left behind.
    data = opener.path.read_bytes()
    opener.path.write_bytes(rest_lost(data))
    cache.get_counts([count_of(number).key for number in range(300)])
    assert works(cache) and cache.flush(10)
    assert opener.codes == ["cache/corrupt"]


def test_a_file_that_somebody_removed(opener: Opener) -> None:
    fill(opener)
    cache = opener()
    assert cache.open()
    shutil.rmtree(opener.folder)
    assert works(cache)
    cache.flush(10)
    again = opener()
    assert again.open() and works(again) and again.flush(10)


def test_tables_that_somebody_dropped(opener: Opener) -> None:
    fill(opener, 3)
    cache = opener()
    assert cache.open()
    opener.query("DROP TABLE promptls_token_count")
    opener.query("PRAGMA user_version = 0")
    assert cache.get_count(count_of(1).key) is None
    assert works(cache) and cache.flush(10)
    assert opener.query("SELECT count(*) FROM promptls_token_count") == 1
    assert opener.codes == []


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds a database so that nobody else can even read it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        yield


@pytest.mark.usefixtures("impatient")
def test_a_locked_file(opener: Opener) -> None:
    fill(opener, 3)
    cache = opener()
    with locked(opener.path):
        assert cache.get_count(count_of(1).key) is None
        assert works(cache)
        assert not cache.flush(10)
        assert cache.get_count(count_of(2).key) is None
        opener.monotonic += RETRY_AFTER + 1
        assert cache.get_count(count_of(2).key) is None
    assert opener.codes == ["cache/unavailable"]
    assert str(opener.path) in opener.problems[0].message
    assert "locked" in opener.problems[0].message
    assert cache.get_count(count_of(2).key) is None  # it is not tried each time
    opener.monotonic += RETRY_AFTER + 1
    assert cache.get_count(count_of(1).key) is not None
    assert cache.flush(10)  # what was put meanwhile is not lost
    assert opener.query("SELECT count(*) FROM promptls_token_count") == 4
    assert opener.codes == ["cache/unavailable"]


@pytest.mark.usefixtures("impatient")
def test_another_writer_does_not_stop_reading(opener: Opener) -> None:
    fill(opener, 3)
    cache = opener()
    assert cache.open()
    with closing(sqlite3.connect(opener.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert cache.get_count(count_of(1).key) is not None
        cache.put_count(COUNT)
        assert not cache.flush(10)
    opener.monotonic += RETRY_AFTER + 1
    assert cache.flush(10)
    assert cache.get_count(count_of(2).key) is not None


def test_a_full_disk(opener: Opener) -> None:
    fill(opener, 3)

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        # SQLite does not go below the size that the file has.
        connection.execute("PRAGMA max_page_count = 1")

    sqlalchemy.event.listen(sqlalchemy.Pool, "connect", limit)
    try:
        cache = opener()
        for number in range(50):
            cache.put_fetch(replace(FETCH, url=str(number), body=bytes(9000)))
        assert not cache.flush(10)
        assert opener.codes == ["cache/unavailable"]
        assert "no room" in opener.problems[0].message
        assert works(cache)
        found = cache.get_count(count_of(2).key)
        assert found and found[1] == "database"  # reading goes on
        opener.monotonic += RETRY_AFTER + 1
        assert not cache.flush(10)
        assert opener.codes == ["cache/unavailable"]
    finally:
        sqlalchemy.event.remove(sqlalchemy.Pool, "connect", limit)
    assert opener.query("PRAGMA integrity_check") == "ok"
    assert opener.query("SELECT count(*) FROM promptls_fetched_content") == 0


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A folder of a user who is not root, and the rights of that user."""
    if os.geteuid() != 0:
        with tempfile.TemporaryDirectory() as name:
            yield Path(name)
        return
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        os.chown(name, NOBODY, NOBODY)
        os.seteuid(NOBODY)
        try:
            yield Path(name)
        finally:
            os.seteuid(0)


def test_a_folder_that_is_read_only(as_nobody: Path) -> None:
    as_nobody.chmod(0o500)
    opener = Opener(as_nobody / "cache")
    cache = opener()
    assert works(cache) and not cache.flush(10)
    assert opener.codes == ["cache/unavailable"]
    as_nobody.chmod(0o700)
    opener.monotonic += RETRY_AFTER + 1
    assert cache.flush(10)
    opener.close()


def test_a_file_that_is_read_only(as_nobody: Path) -> None:
    opener = Opener(as_nobody)
    fill(opener, 3)
    opener.path.chmod(0o400)
    cache = opener()
    assert works(cache) and not cache.flush(10)
    assert opener.codes == ["cache/unavailable"]
    opener.path.chmod(0o600)
    opener.close()


def test_a_file_that_may_not_be_read(as_nobody: Path) -> None:
    opener = Opener(as_nobody)
    fill(opener, 3)
    opener.path.chmod(0)
    cache = opener()
    assert works(cache) and not cache.flush(10)
    assert opener.codes == ["cache/unavailable"]
    opener.close()


@pytest.mark.parametrize("kind", ["folder", "pipe", "below a file"])
def test_no_file(opener: Opener, kind: str) -> None:
    opener.folder.mkdir()
    if kind == "folder":
        opener.path.mkdir()
    elif kind == "pipe":
        os.mkfifo(opener.path)
    else:
        opener.folder.rmdir()
        opener.folder.touch()
    cache = opener()
    assert works(cache) and not cache.flush(10)
    assert opener.codes == ["cache/unavailable"]


@pytest.mark.parametrize("exists", [False, True])
def test_nobody_else_may_read(opener: Opener, exists: bool) -> None:
    umask = os.umask(0)
    try:
        if exists:
            opener.folder.mkdir(0o700)
            for suffix in ("", "-wal"):
                Path(f"{opener.path}{suffix}").touch(0o666)
        cache = opener()
        cache.put_count(COUNT)
        assert cache.flush(10)
        names = sorted(opener.folder.iterdir())
    finally:
        os.umask(umask)
    assert [name.name[len(opener.path.name) :] for name in names] == ["", "-shm", "-wal"]
    assert {stat.S_IMODE(name.stat().st_mode) for name in names} == {0o600}
    assert stat.S_IMODE(opener.folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("version", [0, SCHEMA_VERSION - 1, -5])
def test_another_schema_is_made_anew(opener: Opener, version: int) -> None:
    fill(opener, 3)
    for statement in (
        f"PRAGMA user_version = {version}",
        "ALTER TABLE promptls_token_count DROP COLUMN tail",
        "CREATE TABLE old (a)",
    ):
        opener.query(statement)
    cache = opener()
    assert cache.get_count(count_of(1).key) is None
    assert works(cache) and cache.flush(10)
    assert opener.query("PRAGMA user_version") == SCHEMA_VERSION
    assert opener.query("SELECT count(*) FROM sqlite_master WHERE name = 'old'") == 0
    assert opener.codes == []


def test_a_newer_schema_is_left_alone(opener: Opener) -> None:
    fill(opener, 3)
    open_before = opener()
    assert open_before.get_count(count_of(1).key)
    opener.query(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    for cache in (open_before, opener()):
        assert works(cache) and not cache.flush(10)
    assert opener.codes == ["cache/newer-version"] * 2
    assert opener.query("SELECT count(*) FROM promptls_token_count") == 3
    assert opener.query("PRAGMA user_version") == SCHEMA_VERSION + 1


def test_the_database_of_another_program_is_left_alone(opener: Opener, tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE mine (a)")
    before = path.read_bytes()
    cache = opener(f"sqlite:///{path}")
    assert works(cache) and not cache.flush(10)
    assert opener.codes == ["cache/unavailable"]
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "url",
    [
        "klingon://kahless:secret@x/y",
        "secret",
        "postgresql://user:secret@localhost:1/x",
        "postgresql://user:sec/ret@localhost:1/x",
        "postgresql://user@localhost:1/x?password=secret",
        "postgresql://user:secret@localhost:port/x",
        "postgresql://localhost:1/x?nonsense=secret",
    ],
)
def test_a_url_that_leads_nowhere(opener: Opener, url: str) -> None:
    cache = opener(url)
    assert works(cache) and not cache.flush(10)
    assert opener.codes == ["cache/unavailable"]
    shown = opener.problems[0].message + cache.stats().location
    assert "secret" not in shown and "sec/" not in shown


def test_a_record_that_cannot_be_written(opener: Opener) -> None:
    cache = opener()
    cache.put_count(count_of(1))
    cache.put_count(CountRecord("\ud800", "", "", 1 << 70, 0, "", ""))
    cache.put_count(count_of(2))
    assert cache.flush(10) and cache.close(10)
    assert opener.query("SELECT count(*) FROM promptls_token_count") == 2
    assert opener.codes == []
