from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptls.settings.addresses import Host, Url
from promptls.settings.forms import Wrong
from promptls.settings.values import MAX_DEPTH, named_texts, plain_text, value_text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("example.com", "example.com"),
        ("Example.COM.", "example.com"),
        ("*.example.com", "*.example.com"),
        ("*.internal", "*.internal"),
        ("localhost:8080", "localhost:8080"),
        ("example.com:08443", "example.com:8443"),
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1:80", "127.0.0.1:80"),
        ("[::1]:8080", "[::1]:8080"),
        ("[0:0::1]", "[::1]"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("my_host", "my_host"),
        ("*", "digits"),
        ("*example.com", "digits"),
        ("a.*.example.com", "digits"),
        ("https://example.com", "without scheme"),
        ("example.com/path", "without scheme"),
        ("user@example.com", "without scheme"),
        ("::1", "without scheme"),
        ("[::g]", "without scheme"),
        ("[1.2.3.4]", "IPv6"),
        ("1.2.3", "four numbers"),
        ("127.0.0.01", "four numbers"),
        ("*.0.0.1", "four numbers"),
        ("example.com:0", "real port"),
        ("example.com:65536", "real port"),
        ("example.com:", "without scheme"),
        ("bücher.example", "xn--"),
        ("-a.example", "digits"),
        ("a..example", "digits"),
        ("a" * 64, "digits"),
        (".".join(["abcdefghi"] * 30), "digits"),
        ("", "without scheme"),
        ("exa mple.com", "without scheme"),
        (5, "without scheme"),
    ],
)
def test_hosts(written: object, expected: str) -> None:
    read = Host().read(written)
    if isinstance(read, Wrong):
        assert expected in read.reason
    else:
        assert read == expected
        assert Host().read(read) == read


@given(st.text("a.*:[]0123/@-", max_size=20))
def test_any_host_is_answered(written: str) -> None:
    read = Host().read(written)
    assert isinstance(read, Wrong) or Host().read(read) == read


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("https://example.com", None),
        ("http://localhost:8080/a?b=${var:c}", None),
        ("https://${var:host}/a", None),
        ("ftp://example.com", "must be a URL"),
        ("example.com", "must be a URL"),
        ("https:///a", "with a host"),
        ("https://[::1", "with a host"),
        ("https://me:hunter2@example.com", "must not hold a user or password"),
        ("https://example.com/a b", "must be a URL"),
        ("https://example.com/\n", "must be a URL"),
        ("https://example.com/" + "a" * 1000, "at most 1000"),
        (None, "must be a URL"),
    ],
)
def test_urls(written: object, reason: str | None) -> None:
    read = Url().read(written)
    if reason is None:
        assert read == written
    else:
        assert isinstance(read, Wrong)
        assert reason in read.reason
        assert "hunter2" not in read.reason


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text", "text"),
        ("", ""),
        (True, "true"),
        (False, "false"),
        (3, "3"),
        (-1.5, "-1.5"),
        pytest.param(10**5000, None, id="huge"),
        (datetime.date(2026, 1, 31), "2026-01-31"),
        (datetime.datetime(2026, 1, 31, 12, tzinfo=datetime.UTC), "2026-01-31T12:00:00+00:00"),
        (None, None),
        ([], None),
    ],
)
def test_plain_text(value: object, expected: str | None) -> None:
    assert plain_text(value) == expected


def test_lists_and_tables_are_compact_json() -> None:
    value = {"a": [1, "ü", None], "d": datetime.date(2026, 1, 31)}
    assert value_text(value) == '{"a":[1,"ü",null],"d":"2026-01-31"}'
    assert value_text([10**5000]) is None


def test_names_of_nested_tables() -> None:
    assert named_texts({"a": {"b": {"c": 1}}, "n": None, "l": [{"x": 1}]}) == {
        "a": '{"b":{"c":1}}',
        "a.b": '{"c":1}',
        "a.b.c": "1",
        "l": '[{"x":1}]',
    }
    deep: dict[str, Any] = {"a": "end"}
    for _ in range(100_000):
        deep = {"a": deep}
    # Too deep for JSON as well; only names that are short enough, and none of them a value.
    assert named_texts(deep) == {}
    assert len(max(named_texts(_nested(100)))) < 2 * MAX_DEPTH


def _nested(depth: int) -> dict[str, Any]:
    return {"a": _nested(depth - 1) if depth else "end"}
