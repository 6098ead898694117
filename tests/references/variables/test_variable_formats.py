from __future__ import annotations

import json
import tomllib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptls.references.variables.dotenv import read_dotenv
from promptls.references.variables.formats import FormatError, is_dotenv, read_variables


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=1\nB = two words  \n", {"A": "1", "B": "two words"}),
        ("export A=1\n  export  B=2", {"A": "1", "B": "2"}),
        ("# no\nA=1 # yes\nB=a#b\nC=#c\nD=", {"A": "1", "B": "a#b", "C": "", "D": ""}),
        ("A='x # y'\nB=\"x # y\" # z", {"A": "x # y", "B": "x # y"}),
        (r"A='a\nb'" + "\n" + r'B="a\nb\t\"c\" \\ \$D"', {"A": r"a\nb", "B": 'a\nb\t"c" \\ $D'}),
        ('A="two\nlines"\nB=3', {"A": "two\nlines", "B": "3"}),
        ("A=$B ${C}", {"A": "$B ${C}"}),
        ("A=1\nA=2", {"A": "2"}),
        ("a.b-c=1", {"a.b-c": "1"}),
        ("not a line\n=1\n1A=2\nA='open\nB=1", {"B": "1"}),
        ("A='x'y\nB=1", {"B": "1"}),
        ("A=it's", {"A": "it's"}),
        ("", {}),
    ],
)
def test_dotenv(text: str, expected: dict[str, str]) -> None:
    assert read_dotenv(text) == expected


@given(
    st.lists(
        st.sampled_from(["A", "=", '"', "'", "\\", "\n", " ", "#", "export ", "$", "😀"]),
        max_size=40,
    )
)
def test_any_dotenv_is_answered(pieces: list[str]) -> None:
    read_dotenv("".join(pieces))


@pytest.mark.parametrize("piece", ['A="\\"\n', "A='\n", 'A="\n', " ", "export ", '\\"', "A= #"])
def test_hostile_dotenv_is_read_in_linear_time(piece: str) -> None:
    read_dotenv(piece * (200_000 // len(piece)))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (".env", True),
        ("a/.ENV.local", True),
        ("test.env", True),
        ("environment.toml", False),
        (".envrc", False),
    ],
)
def test_which_files_are_dotenv(name: str, expected: bool) -> None:
    assert is_dotenv(name) is expected


NESTED = {
    "a": "1",
    "b.c": "true",
    "b.d": "x",
    "b": '{"c":true,"d":"x"}',
    "e": "[1,2]",
    "f": "1.5",
}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("v.toml", 'a = 1\ne = [1, 2]\nf = 1.5\n[b]\nc = true\nd = "x"', NESTED),
        ("v.yaml", "a: 1\nb: {c: true, d: x}\ne: [1, 2]\nf: 1.5", NESTED),
        ("v.YML", "a: 1\nb:\n  c: true\n  d: x\ne:\n- 1\n- 2\nf: 1.5", NESTED),
        ("v.json", '{"a": 1, "b": {"c": true, "d": "x"}, "e": [1, 2], "f": 1.5}', NESTED),
        ("v.env", "a=1", {"a": "1"}),
        ("v.toml", "d = 2026-01-31", {"d": "2026-01-31"}),
        ("v.yaml", "d: 2026-01-31\nn: ~\nt: |\n  x\n", {"d": "2026-01-31", "t": "x\n"}),
        ("v.yaml", "base: &b {x: 1}\nc: *b", {
            "base": '{"x":1}', "base.x": "1", "c": '{"x":1}', "c.x": "1",
        }),
        ("v.json", '{"ö": "ü", "n": null}', {"ö": "ü"}),
        ("v.yaml", "", {}),
    ],
)  # fmt: skip
def test_formats(name: str, text: str, expected: dict[str, str]) -> None:
    assert read_variables(name, text) == expected


def laughs(last: str) -> str:
    """Nine levels of nine aliases: a billion values."""
    names = "abcdefghi"
    levels = [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in pairwise(names)]
    return "\n".join([f"a: &a {last}", *levels])


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("v.txt", "a=1", "its name must end in"),
        ("v.toml", "a = ", "not valid"),
        ("v.toml", "x" + ".x" * 1000 + " = 1", "nested too deeply"),
        ("v.toml", "x = " + "[" * 500, "nested too deeply"),
        ("v.json", "{", "not valid"),
        ("v.json", "[1]", "must hold a table"),
        ("v.json", "[" * 100_000, "nested too deeply"),
        ("v.json", '{"a": ' + "9" * 5000 + "}", "not valid"),
        ("v.yaml", "a: [", "not valid"),
        ("v.yaml", "a: " + "[" * 50 + "]" * 50, "more than 32 collections"),
        ("v.yaml", laughs("[x]"), "more than 10000 values"),
        ("v.yaml", f"a: &a {'x' * 10_000}\nb: [{', '.join(['*a'] * 1000)}]", "characters"),
        ("v.yaml", "a: &a [*a, *a]", "more than 10000 values"),
        ("v.yaml", "a: !!python/object/apply:os.system [x]\nb: *c", "alias"),
    ],
)
def test_what_is_refused(name: str, text: str, words: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_variables(name, text)
    assert words in str(caught.value)


def test_yaml_makes_no_objects() -> None:
    values = read_variables("v.yaml", "a: !!python/object/apply:os.system [x]")
    assert values == {"a": '["x"]'}


SCALARS = st.booleans() | st.integers() | st.text(max_size=5)
TABLES = st.recursive(
    SCALARS, lambda inner: st.dictionaries(st.text("ab", min_size=1, max_size=3), inner, max_size=3)
)


@given(st.dictionaries(st.text("ab", min_size=1, max_size=3), TABLES, max_size=4))
def test_json_names_lead_to_their_values(table: dict[str, object]) -> None:
    for name, text in read_variables("v.json", json.dumps(table)).items():
        value: object = table
        for part in name.split("."):
            assert isinstance(value, dict)
            value = value[part]
        assert text == value if isinstance(value, str) else json.loads(text) == value


@given(st.text(max_size=60), st.sampled_from(["toml", "yaml", "json", "env"]))
def test_any_text_is_answered(text: str, suffix: str) -> None:
    try:
        values = read_variables(f"v.{suffix}", text)
    except FormatError:
        return
    if suffix == "toml":
        assert set(tomllib.loads(text)) <= set(values)
