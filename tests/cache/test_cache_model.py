"""Any sequence of operations gives what a dictionary would give."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cache.opened import FETCH, FILE, Opener, count_of, without_use

from promptls.cache import Cache, CountRecord, FetchRecord, FileRecord, Key

NUMBERS = st.integers(0, 4)
RECORDS = st.one_of(
    st.builds(count_of, NUMBERS, st.integers(0, 3)),
    st.builds(
        lambda number, text: FileRecord(f"/{number}", text, FILE.content_hash, text),
        NUMBERS,
        st.text(max_size=3),
    ),
    st.builds(
        lambda number, body: FetchRecord(
            "GET", str(number), "", "", 200, body, None, None, None, 0, FETCH.expires_at
        ),
        NUMBERS,
        st.binary(max_size=3),
    ),
)
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), RECORDS),
        st.tuples(st.just("invalidate"), RECORDS),
        st.tuples(st.just("touch"), RECORDS),
        st.tuples(st.sampled_from(("flush", "reopen", "clear", "prune", "hours")), st.none()),
    ),
    max_size=20,
)


def put(cache: Cache, record: CountRecord | FileRecord | FetchRecord) -> None:
    if isinstance(record, CountRecord):
        cache.put_count(record)
    elif isinstance(record, FileRecord):
        cache.put_file(record)
    else:
        cache.put_fetch(record)


def held(cache: Cache) -> dict[Key, object]:
    """All that the cache has, asked in both ways."""
    counts = cache.get_counts([count_of(number).key for number in range(5)])
    found: dict[Key, object] = {key: without_use(record) for key, (record, _) in counts.items()}
    for key in counts:
        one = cache.get_count(key)
        assert one and without_use(one[0]) == found[key]
    files = cache.get_files([f"/{number}" for number in range(5)])
    found |= {path: without_use(record) for path, record in files.items()}
    for number in range(5):
        answer = cache.get_fetch(FETCH.key._replace(url=str(number)))
        if answer is not None:
            found[answer[0].key] = without_use(answer[0])
    return found


@settings(max_examples=60, deadline=None)
@given(operations=OPERATIONS)
def test_against_a_dictionary(
    operations: list[tuple[str, CountRecord | FileRecord | FetchRecord | None]],
) -> None:
    model: dict[Key, object] = {}
    with tempfile.TemporaryDirectory() as name:
        opener = Opener(Path(name))
        cache = opener()
        for operation, record in operations:
            if record is not None and operation == "put":
                put(cache, record)
                model[record.key] = record
            elif record is not None and operation == "invalidate":
                cache.invalidate([record.key])
                model.pop(record.key, None)
            elif record is not None:
                cache.touch([record.key])
            elif operation == "flush":
                assert cache.flush(10)
            elif operation == "reopen":
                assert cache.close(10)
                cache = opener()
            elif operation == "clear":
                assert cache.clear() is not None
                model.clear()
            elif operation == "prune":
                assert cache.prune() == 0
            else:
                opener.now += 3 * 3600
            assert held(cache) == model
        assert cache.close(10)
        assert held(opener()) == model
        opener.close()
        assert opener.problems == []
