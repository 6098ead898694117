from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptls.findings import Range
from promptls.settings.layer import KeyPath
from promptls.settings.toml_keys import TooDeepError, locate_keys, position_at


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("a = 1", ("a",), (0, 0, 0, 1)),
        ("# a = 1\n  a=1", ("a",), (1, 2, 1, 3)),
        ("[t]\na = 1", ("t", "a"), (1, 0, 1, 1)),
        ("[t]\na = 1", ("t",), (0, 1, 0, 2)),
        ("t . a = 1", ("t", "a"), (0, 4, 0, 5)),
        ('"t"."a.b" = 1', ("t", "a.b"), (0, 4, 0, 9)),
        ("'é' = 1\nb = 2", ("é",), (0, 0, 0, 3)),
        ('"\\u0061" = 1', ("a",), (0, 0, 0, 8)),
        ("t = { x = '😀', a = 1 }", ("t", "a"), (0, 16, 0, 17)),
        ("[[r]]\na = 1\n[[r]]\na = 2", ("r", 1, "a"), (3, 0, 3, 1)),
        ("[[r]]\n[[r]]\n[r.s]\na = 2", ("r", 1, "s", "a"), (3, 0, 3, 1)),
        ("r = [\n{a = 1}, # {a\n {a = 2},\n]", ("r", 1, "a"), (2, 2, 2, 3)),
        ("r = [[1, 2], [{a = 3}]]", ("r", 1, 0, "a"), (0, 15, 0, 16)),
        ('x = """\na = 1 \\"""\n"""""\na = 2', ("a",), (3, 0, 3, 1)),
        ("x = '''\na = 1\n'''''\na = 2", ("a",), (3, 0, 3, 1)),
        ("r = [{d = 1979-05-27 07:32:00}, {a = 1}]", ("r", 1, "a"), (0, 33, 0, 34)),
        ("a = 1\nb = 1", ("b", "missing", 3), (1, 0, 1, 1)),
        ("first = 1\nb = 1", ("missing",), (0, 0, 0, 9)),
    ],
)
def test_finds_keys(text: str, path: KeyPath, expected: tuple[int, int, int, int]) -> None:
    tomllib.loads(text)
    assert locate_keys(text).range(path) == Range.of(*expected)


def test_keeps_only_what_is_under_a_table() -> None:
    places = locate_keys("[a]\nx=1\n[tool.p]\ny=1\n[tool.q]\nz=1\n", ("tool", "p"))
    assert set(places.offsets) == {("tool",), ("tool", "p"), ("tool", "p", "y")}


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * 100_000 + " = 1",
        "[a" + ".a" * 100_000 + "]",
        "a = " + "[" * 100_000,
        "a = " + "{a=" * 100_000,
        "a = [{d = 1979-05-27 07:32:00},\n{" + "b." * 100_000 + "b = 1}]",
    ],
)
def test_refuses_what_tomllib_would_choke_on(text: str) -> None:
    with pytest.raises(TooDeepError):
        locate_keys(text)


@pytest.mark.parametrize(
    "text", ["[", "a = ", "= 1", 'a = """', "a = [1, '", "a = {b", "\0", '"\\q" = 1', "[[a]\n" * 9]
)
def test_stops_where_a_text_is_not_toml(text: str) -> None:
    locate_keys(text)


def test_positions_know_every_line_end_and_utf16() -> None:
    assert position_at("a\r\nb\rc\n😀x", 8) == (3, 2)


BARE = st.text(alphabet="ab-_1", min_size=1, max_size=3)
QUOTED = st.text(alphabet="a.'\"é =[]#{}\\", max_size=3).map(
    lambda name: '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
)
KEYS = st.lists(BARE | QUOTED, min_size=1, max_size=3).map(" . ".join)
SCALARS = st.sampled_from(
    [
        "1",
        "-1.5e3",
        "true",
        '"a # = ["',
        "'}]'",
        '"""\n"x" ]\n""""',
        "'''a\nb=1'''",
        "nan",
        "07:32:00",
        "1979-05-27",
        "1979-05-27 07:32:00Z",
    ]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[ # x\n" + ",\n".join(items) + "\n]")
        | st.lists(st.tuples(KEYS, inner), max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key} = {value}" for key, value in pairs) + "}"
        )
    ),
    max_leaves=5,
)
LINES = st.one_of(
    st.tuples(KEYS, VALUES).map(" = ".join),
    KEYS.map("[{}]".format),
    KEYS.map("[[{}]] # x".format),
    st.sampled_from(["", "# [a]", "  "]),
)


def _paths(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*path, name)
            yield from _paths(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _paths(inner, (*path, index))


@given(st.lists(LINES, max_size=8).map("\n".join))
def test_finds_exactly_the_keys_that_tomllib_reads(text: str) -> None:
    places = locate_keys(text)
    try:
        expected = set(_paths(tomllib.loads(text)))
    except tomllib.TOMLDecodeError:
        return
    found = {path for path in places.offsets if isinstance(path[-1], str)}
    assert found == expected
    for path, (start, end) in places.offsets.items():
        name = next(part for part in reversed(path) if isinstance(part, str))
        assert tomllib.loads(f"{text[start:end]} = 1") == {name: 1}
