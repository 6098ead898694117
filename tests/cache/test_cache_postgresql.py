"""The same on a real PostgreSQL server, where several people share the database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy
from tests.cache.opened import COUNT, FETCH, FILE, NOW, Opener, count_of, without_use
from tests.cache.test_cache_processes import Processes, check_leases, context, processes
from tests.oracles.postgresql import postgresql_url

from promptls.cache.cache import MAX_AGE
from promptls.cache.gateway import RETRY_AFTER
from promptls.cache.tables import SCHEMA_VERSION

__all__ = ["context", "postgresql_url", "processes"]

ODD = "\x00 \ud800 \U0001f600 é"


@pytest.fixture
def engine(postgresql_url: str) -> Iterator[sqlalchemy.Engine]:
    """A way around the cache into the database, which is empty at first."""
    url = postgresql_url.replace("postgresql://", "postgresql+psycopg://")
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    yield engine


@pytest.fixture
def url(postgresql_url: str, engine: sqlalchemy.Engine) -> str:
    return postgresql_url


def query(engine: sqlalchemy.Engine, statement: str) -> object:
    with engine.connect() as connection:
        return connection.exec_driver_sql(statement).scalar_one()


def set_version(connection: sqlalchemy.Connection, version: int) -> None:
    connection.execute(sqlalchemy.text("UPDATE promptls_schema SET version = :v"), {"v": version})


def test_put_and_found(opener: Opener, url: str) -> None:
    cache = opener(url)
    count = replace(COUNT, head=ODD, tokens=None, parts=None, size=1 << 40)
    file = replace(FILE, path="/w/\udcff" + "x" * 5000, notices=ODD)
    fetch = replace(FETCH, url="https://x/" + "y" * 5000, body=bytes(range(256)) * 100)
    cache.put_count(count)
    cache.put_file(file)
    cache.put_fetch(fetch)
    for number in range(1200):
        cache.put_count(count_of(number))
    assert cache.close(20)
    again = opener(url)
    assert again.get_count(count.key) == (replace(count, used_at=NOW), "database")
    assert again.get_files([file.path, "x"]) == {file.path: replace(file, used_at=NOW)}
    assert again.get_fetch(fetch.key) == (replace(fetch, used_at=NOW), "database")
    found = again.get_counts([count_of(number).key for number in range(1200)])
    assert [without_use(record) for record, _ in found.values()] == [
        count_of(number) for number in range(1200)
    ]
    stats = again.stats()
    assert stats.total and stats.total.writes == 1203
    assert stats.rows["promptls_token_count"] == 1201
    assert stats.size and stats.size > 100_000
    assert opener.codes == []
    again.invalidate([count.key, file.path])
    assert again.close(10)
    last = opener(url)
    assert last.get_count(count.key) is None and last.get_files([file.path]) == {}


def test_an_authorised_answer_stays_here(
    opener: Opener, url: str, engine: sqlalchemy.Engine
) -> None:
    private = replace(FETCH, authorisation_hash="a1", body=b"private")
    cache = opener(url)
    cache.put_fetch(private)
    cache.put_fetch(FETCH)
    cache.touch([private.key])
    assert cache.flush(10)
    cache.invalidate([private.key])
    cache.put_fetch(private)
    assert cache.get_fetch(private.key)
    assert cache.close(10)
    assert query(engine, "SELECT count(*) FROM promptls_fetched_content") == 1
    assert opener(url).get_fetch(private.key) is None
    assert opener(url).get_fetch(FETCH.key) is not None


def test_files_are_those_of_one_machine(
    opener: Opener, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = opener(url)
    cache.put_file(FILE)
    assert cache.close(10)
    assert FILE.path in opener(url).get_files([FILE.path])
    monkeypatch.setattr("socket.gethostname", lambda: "another")
    assert opener(url).get_files([FILE.path]) == {}


def test_pruning(opener: Opener, url: str) -> None:
    cache = opener(url, max_bytes=1_000_000)
    for number in range(300):
        opener.now = NOW + number
        cache.put_fetch(replace(FETCH, url=str(number), body=bytes(5000 + number)))
    cache.put_count(COUNT)
    assert cache.flush(10)
    opener.now = NOW + MAX_AGE + 250
    cache.prune()
    assert set(cache.stats().rows.values()) == {0, 1, 50}
    assert cache.clear() == 51


def test_leases_between_processes(opener: Opener, url: str, processes: Processes) -> None:
    check_leases(url, opener, processes)


@pytest.mark.parametrize("version", [0, SCHEMA_VERSION - 1])
def test_another_schema_is_made_anew(
    opener: Opener, url: str, engine: sqlalchemy.Engine, version: int
) -> None:
    cache = opener(url)
    cache.put_count(COUNT)
    assert cache.flush(10)
    with engine.begin() as connection:
        set_version(connection, version)
        connection.exec_driver_sql("ALTER TABLE promptls_token_count DROP COLUMN tail")
        connection.exec_driver_sql("CREATE TABLE mine (a integer)")
    again = opener(url)
    assert again.get_count(COUNT.key) is None
    again.put_count(COUNT)
    assert again.flush(10)
    assert query(engine, "SELECT version FROM promptls_schema") == SCHEMA_VERSION
    assert query(engine, "SELECT count(*) FROM mine") == 0
    cache.put_count(count_of(1))  # one that was open before
    assert cache.flush(10)
    assert query(engine, "SELECT count(*) FROM promptls_token_count") == 2
    assert opener.codes == []


def test_a_newer_schema_is_left_alone(opener: Opener, url: str, engine: sqlalchemy.Engine) -> None:
    before = opener(url)
    assert before.open()
    with engine.begin() as connection:
        set_version(connection, SCHEMA_VERSION + 1)
    for cache in (before, opener(url)):
        cache.put_count(COUNT)
        assert not cache.flush(10)
        assert cache.get_count(COUNT.key)
    assert opener.codes == ["cache/newer-version"] * 2
    assert query(engine, "SELECT version FROM promptls_schema") == SCHEMA_VERSION + 1


def test_connections_that_end(opener: Opener, url: str, engine: sqlalchemy.Engine) -> None:
    cache = opener(url)
    cache.put_count(COUNT)
    assert cache.flush(10)
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND datname = current_database()"
        )
    cache.put_count(count_of(1))
    assert cache.flush(10)
    assert cache.get_count(count_of(2).key) is None
    assert opener.codes == []


def test_a_server_that_may_not_be_written(
    opener: Opener, url: str, engine: sqlalchemy.Engine
) -> None:
    first = opener(url)
    first.put_count(COUNT)
    assert first.close(10)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ALTER DATABASE promptls SET default_transaction_read_only = on")
    try:
        cache = opener(url)
        found = cache.get_count(COUNT.key)
        assert found and found[1] == "database"
        cache.put_count(count_of(1))
        assert not cache.flush(10)
        assert opener.codes == ["cache/unavailable"]
    finally:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SET default_transaction_read_only = off")
            connection.exec_driver_sql(
                "ALTER DATABASE promptls RESET default_transaction_read_only"
            )
    opener.monotonic += RETRY_AFTER + 1
    cache.close(0)


def test_tables_are_made_once(opener: Opener, url: str) -> None:
    caches = [opener(url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda cache: cache.open(), caches)) == [True] * 4
    assert opener.codes == []


def test_a_driver_that_is_missing(
    opener: Opener, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    cache = opener(url)
    assert not cache.open()
    assert "promptls[postgresql]" in opener.problems[0].message
