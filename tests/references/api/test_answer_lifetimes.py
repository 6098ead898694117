from __future__ import annotations

import pytest

from promptls.references.api.freshness import (
    DEFAULT_LIFETIME,
    MAX_LIFETIME,
    MAX_RETRY_AFTER,
    lifetime_of,
    retry_after,
)

NOW = 1_700_000_000.0
DATE = "Tue, 14 Nov 2023 22:13:20 GMT"
IN_TEN_SECONDS = "Tue, 14 Nov 2023 22:13:30 GMT"
TEN_SECONDS_AGO = "Tue, 14 Nov 2023 22:13:10 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds", "storage"),
    [
        ({}, DEFAULT_LIFETIME, "anywhere"),
        ({"cache-control": "max-age=60"}, 60, "anywhere"),
        ({"cache-control": "Public, Max-Age = 60"}, 60, "anywhere"),
        ({"cache-control": 'max-age="60"'}, 60, "anywhere"),
        ({"cache-control": "s-maxage=9, max-age=60"}, 60, "anywhere"),
        ({"cache-control": "s-maxage=9"}, DEFAULT_LIFETIME, "anywhere"),
        ({"cache-control": "max-age=60", "age": "20"}, 40, "anywhere"),
        ({"cache-control": "max-age=60", "age": "90"}, 0, "anywhere"),
        ({"cache-control": "max-age=-1"}, 0, "anywhere"),
        ({"cache-control": "max-age=soon"}, 0, "anywhere"),
        ({"cache-control": "max-age=99999999999999999999999"}, MAX_LIFETIME, "anywhere"),
        ({"cache-control": "private, max-age=60"}, 60, "private"),
        ({"cache-control": 'private="set-cookie", max-age=60'}, 60, "private"),
        ({"cache-control": "no-cache, max-age=60"}, 0, "anywhere"),
        ({"cache-control": "no-store, max-age=60"}, 0, "nowhere"),
        ({"cache-control": "max-age=60", "expires": TEN_SECONDS_AGO}, 60, "anywhere"),
        ({"expires": IN_TEN_SECONDS}, 10, "anywhere"),
        ({"expires": IN_TEN_SECONDS, "date": TEN_SECONDS_AGO}, 20, "anywhere"),
        ({"expires": TEN_SECONDS_AGO, "date": DATE}, 0, "anywhere"),
        ({"expires": "0"}, 0, "anywhere"),
        ({"expires": "Tue, 99 Foo 2023"}, 0, "anywhere"),
        ({"cache-control": "=,;;\"'max-age"}, DEFAULT_LIFETIME, "anywhere"),
    ],
)
def test_lifetimes(headers: dict[str, str], seconds: float, storage: str) -> None:
    lifetime = lifetime_of(headers, NOW)
    assert (lifetime.expires_at - NOW, lifetime.storage) == (seconds, storage)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("7", 7),
        (" 7 ", 7),
        ("-7", None),
        ("99999999999999999", MAX_RETRY_AFTER),
        (IN_TEN_SECONDS, 10),
        (TEN_SECONDS_AGO, 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", MAX_RETRY_AFTER),
    ],
)
def test_waits_that_a_source_asks_for(value: str | None, expected: float | None) -> None:
    headers = {} if value is None else {"retry-after": value}
    assert retry_after(headers, NOW) == expected
