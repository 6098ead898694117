"""The database stays within its size and age."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.cache.opened import COUNT, DAY, FETCH, FILE, NOW, Opener, count_of

from promptls.cache.cache import MAX_AGE
from promptls.cache.writer import BATCH


def test_what_was_not_used_for_long_goes(opener: Opener) -> None:
    cache = opener()
    cache.put_count(COUNT)
    cache.put_file(FILE)
    cache.put_fetch(FETCH)
    for number in range(BATCH + 200):
        cache.put_count(count_of(number))
    assert cache.flush(10)
    opener.now = NOW + MAX_AGE - DAY
    cache.touch([COUNT.key, FETCH.key])
    assert cache.flush(10) and cache.prune() == 0
    opener.now = NOW + MAX_AGE + 1
    assert cache.prune() == BATCH + 201
    assert cache.stats().rows == {
        "promptls_token_count": 1,
        "promptls_known_file": 0,
        "promptls_fetched_content": 1,
    }


def test_a_clock_that_was_wrong_does_not_keep_records_for_ever(opener: Opener) -> None:
    cache = opener()
    opener.now = NOW + 1000 * DAY
    cache.put_count(COUNT)
    assert cache.flush(10)
    opener.now = NOW
    assert cache.prune() == 1


def test_what_was_used_least_lately_goes(opener: Opener) -> None:
    cache = opener()
    for number in range(300):
        opener.now = NOW + number
        cache.put_fetch(replace(FETCH, url=str(number), body=bytes(5000)))
        cache.put_file(replace(FILE, path=str(number)))
        cache.put_count(count_of(number))
    opener.now += 3600 * 2
    cache.touch([count_of(0).key])
    assert cache.close(10)
    cache = opener(max_bytes=1_000_000)
    assert cache.prune()
    assert cache.close(10)
    assert opener.path.stat().st_size <= 1_000_000
    again = opener()
    there = [again.get_count(count_of(number).key) is not None for number in range(1, 300)]
    assert there == sorted(there), "the oldest went"
    assert 30 < sum(there) < 299
    assert again.get_count(count_of(0).key) is not None
    assert len(again.get_files(str(number) for number in range(300))) == pytest.approx(
        sum(there), abs=2
    )
    assert again.prune() == 0


def test_small_records_count_with_their_overhead(opener: Opener) -> None:
    cache = opener(max_bytes=300_000)
    for number in range(3000):
        opener.now = NOW + number
        cache.put_file(replace(FILE, path=str(number)))
    assert cache.flush(20)
    cache.prune()
    assert cache.close(10)
    assert 100_000 < opener.path.stat().st_size <= 300_000


def test_the_writer_prunes_by_itself(opener: Opener) -> None:
    cache = opener(max_bytes=500_000)
    for number in range(1000):
        opener.now = NOW + number
        cache.put_fetch(replace(FETCH, url=str(number), body=bytes(5000)))
        if number % 50 == 0:
            assert cache.flush(20)
    assert cache.close(20)
    assert opener.path.stat().st_size < 1_500_000


def test_what_waits_is_bounded(opener: Opener) -> None:
    cache = opener("klingon://nowhere")
    for number in range(40):
        cache.put_fetch(replace(FETCH, url=str(number), body=bytes(1_000_000)))
    assert cache.get_fetch(FETCH.key._replace(url="39")) is not None
    assert cache.get_fetch(FETCH.key._replace(url="0")) is None
