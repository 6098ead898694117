"""What is put is found: in memory, in the database, after a restart."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from tests.cache.opened import COUNT, DAY, FETCH, FILE, NOW, Opener, count_of, without_use

from promptls.cache import Cache, CountKey, CountRecord, FetchKey, FetchRecord, FileRecord
from promptls.cache.stats import Traffic

ODD = "\x00 \ud800 \U0001f600 é"


@pytest.mark.parametrize(
    "record",
    [
        COUNT,
        replace(COUNT, tokens=None, parts=None, head="", tail="", size=0),
        replace(COUNT, head=ODD, tail=ODD, size=1 << 40, reading=""),
    ],
)
def test_counts(opener: Opener, record: CountRecord) -> None:
    cache = opener()
    assert cache.get_count(record.key) is None
    cache.put_count(record)
    kept = replace(record, used_at=NOW)
    assert cache.get_count(record.key) == (kept, "memory")
    assert cache.close(10)
    again = opener()
    assert again.get_count(record.key) == (kept, "database")
    assert again.get_count(record.key) == (kept, "memory")
    assert again.get_count(record.key._replace(reading="other")) is None
    assert again.get_count(record.key._replace(encoding="other")) is None


@pytest.mark.parametrize(
    "record",
    [FILE, replace(FILE, path="/w/\udcff" + "x" * 5000, notices=ODD), replace(FILE, path="")],
)
def test_files(opener: Opener, record: FileRecord) -> None:
    cache = opener()
    cache.put_file(record)
    assert cache.close(10)
    again = opener()
    assert again.get_files([record.path, "/other"]) == {record.path: replace(record, used_at=NOW)}


@pytest.mark.parametrize(
    "record",
    [
        FETCH,
        replace(FETCH, charset=None, etag=None, last_modified=None, body=b"", url="x" * 10_000),
        replace(FETCH, authorisation_hash="secret", body_hash="b", method="POST"),
    ],
)
def test_fetches(opener: Opener, record: FetchRecord) -> None:
    cache = opener()
    cache.put_fetch(record)
    assert cache.get_fetch(record.key) == (replace(record, used_at=NOW), "memory")
    assert cache.close(10)
    again = opener()
    assert again.get_fetch(record.key) == (replace(record, used_at=NOW), "database")
    assert again.get_fetch(record.key._replace(authorisation_hash="another's")) is None


def test_many_at_once(opener: Opener) -> None:
    cache = opener()
    for number in range(1200):
        cache.put_count(count_of(number))
        cache.put_file(replace(FILE, path=f"/w/{number}", stamp=str(number)))
    assert cache.close(20)
    again = opener()
    counts = again.get_counts([count_of(number).key for number in range(1201)])
    assert {key: without_use(record) for key, (record, _) in counts.items()} == {
        count_of(number).key: count_of(number) for number in range(1200)
    }
    assert {level for _, level in counts.values()} == {"database"}
    files = again.get_files([f"/w/{number}" for number in range(1201)])
    assert {path: record.stamp for path, record in files.items()} == {
        f"/w/{number}": str(number) for number in range(1200)
    }


def test_the_last_put_holds(opener: Opener) -> None:
    cache = opener()
    for generation in range(3):
        cache.put_count(count_of(1, generation))
        if generation == 1:
            assert cache.flush(10)
    assert cache.close(10)
    found = opener().get_count(count_of(1).key)
    assert found and without_use(found[0]) == count_of(1, 2)


def test_invalidated_records_stay_away(opener: Opener) -> None:
    cache = opener()
    cache.put_count(COUNT)
    cache.put_file(FILE)
    cache.put_fetch(FETCH)
    assert cache.flush(10)
    cache.invalidate([COUNT.key, FILE.path, FETCH.key])
    for _ in range(2):
        assert cache.get_count(COUNT.key) is None
        assert cache.get_files([FILE.path]) == {}
        assert cache.get_fetch(FETCH.key) is None
        assert cache.flush(10)
    assert cache.close(10)
    assert opener().get_fetch(FETCH.key) is None


def test_clear(opener: Opener) -> None:
    cache = opener()
    cache.put_count(COUNT)
    cache.put_file(FILE)
    assert cache.flush(10)
    cache.put_fetch(FETCH)
    assert cache.clear() == 2
    assert cache.get_fetch(FETCH.key) is None and cache.get_count(COUNT.key) is None
    stats = cache.stats()
    assert set(stats.rows.values()) == {0} and stats.total is not None
    assert stats.total.writes == 0 and stats.own.writes == 2


def test_an_answer_that_another_process_renewed(opener: Opener) -> None:
    mine, other = opener(), opener()
    mine.put_fetch(replace(FETCH, expires_at=NOW + 10))
    renewed = replace(FETCH, body=b"new", fetched_at=5.0, expires_at=NOW + 20)
    other.put_fetch(renewed)
    assert mine.flush(10) and other.flush(10)
    found = mine.get_fetch(FETCH.key)
    assert found and (found[0].body, found[1]) == (FETCH.body, "memory")
    opener.now += 15  # mine has expired
    for level in ("database", "memory"):
        found = mine.get_fetch(FETCH.key)
        assert found and (found[0].body, found[1]) == (b"new", level)
    opener.now += 15  # and so has the other's: it is the last good answer
    found = mine.get_fetch(FETCH.key)
    assert found and (found[0].body, found[1]) == (b"new", "memory")


def test_use_is_noted_hourly(opener: Opener) -> None:
    query = "SELECT used_at FROM promptls_token_count"
    cache = opener()
    cache.put_count(COUNT)
    for hours, noted in ((0.5, 0), (2, 2), (2.5, 2), (4, 4)):
        opener.now = NOW + hours * 3600
        assert cache.get_count(COUNT.key) is not None
        assert cache.flush(10)
        assert opener.query(query) == NOW + noted * 3600
    again = opener()
    opener.now = NOW + DAY
    again.touch([COUNT.key, FILE.path, FETCH.key])  # only one of them is there
    assert again.flush(10)
    assert opener.query(query) == NOW + DAY


def test_in_memory(opener: Opener) -> None:
    for cache in (Cache.in_memory(), opener("memory")):
        cache.put_count(COUNT)
        cache.touch([COUNT.key])
        assert not cache.open()
        assert cache.get_count(COUNT.key)
        assert cache.flush(0) and cache.clear() is None and cache.prune() is None
        assert cache.get_count(COUNT.key) is None
        stats = cache.stats()
        assert (stats.location, stats.size, stats.rows) == ("memory", None, {})
        assert stats.own == Traffic(memory_hits=1, misses=1)
        assert cache.close(0)
    assert not opener.folder.exists()


def test_traffic_is_kept(opener: Opener) -> None:
    cache = opener()
    cache.put_count(COUNT)
    cache.get_count(COUNT.key)
    cache.get_count(CountKey("none", "", ""))
    assert cache.close(10)
    again = opener()
    again.get_count(COUNT.key)
    again.get_fetch(FetchKey("GET", "none", "", ""))
    stats = again.stats()
    assert stats.own == Traffic(database_hits=1, misses=1)
    assert stats.total == Traffic(memory_hits=1, database_hits=1, misses=2, writes=1)
    assert stats.rows["promptls_token_count"] == 1
    assert stats.size and stats.size >= 4096
    assert again.close(10)
    assert opener().stats().total == stats.total


def test_memory_is_bounded(opener: Opener) -> None:
    cache = opener("memory")
    for number in range(30):
        cache.put_fetch(replace(FETCH, url=str(number), body=bytes(1_000_000)))
    found = [cache.get_fetch(replace(FETCH, url=str(number)).key) for number in range(30)]
    assert 5 < sum(one is not None for one in found) <= 12
    assert found[-1] is not None and found[0] is None
    cache.put_fetch(replace(FETCH, body=bytes(100_000_000)))  # larger than all of it
    assert cache.get_fetch(FETCH.key) is None


def test_what_memory_let_go_is_found_before_it_is_written(opener: Opener) -> None:
    cache = opener()
    for number in range(15):
        cache.put_fetch(replace(FETCH, url=str(number), body=bytes(1_000_000)))
    assert cache.get_fetch(replace(FETCH, url="0").key) is not None


def test_after_closing(opener: Opener) -> None:
    cache = opener()
    cache.put_count(COUNT)
    assert cache.close(10) and cache.close(10)
    assert cache.get_count(COUNT.key) is not None
    cache.put_file(FILE)
    assert cache.get_files([FILE.path])
    assert not cache.flush(0.1)
    assert opener.problems == []


def test_a_light_import() -> None:
    code = (
        "import sys, promptls.cache; promptls.cache.Cache();"
        "print([n for n in ('sqlalchemy', 'psycopg', 'sqlite3') if n in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert result.stdout == b"[]\n"


def test_many_threads(opener: Opener) -> None:
    cache = opener()

    def work(first: int) -> int:
        found = 0
        for number in range(first, first + 100):
            cache.put_count(count_of(number))
            cache.put_file(replace(FILE, path=str(number)))
            known = cache.get_counts([count_of(n).key for n in range(number - 3, number + 1)])
            found += sum(
                without_use(record) == count_of(record.size) for record, _ in known.values()
            )
            if number % 50 == 0:
                assert cache.flush(20)
        return found

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(0, 800, 100))) >= 8 * 394
    assert cache.close(20)
    counts = opener().get_counts([count_of(number).key for number in range(800)])
    assert [without_use(record) for record, _ in counts.values()] == [
        count_of(number) for number in range(800)
    ]
    assert opener.codes == []
