"""Code units, surrogates and line breaks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles.text_model import LINE_BREAK, joined, line_starts, to_units

from promptls.text import PositionEncoding
from promptls.text.lines import after_break, count_breaks, line_end
from promptls.text.units import count_units, join_pairs, split_pair, units_to_characters

TEXTS = st.text(st.sampled_from("ab\r\n\x0c\u2028é漢😀\ud83d\ude00"), max_size=20)


@pytest.mark.parametrize(
    ("text", "utf8", "utf16", "utf32"),
    [
        ("", 0, 0, 0),
        ("ab", 2, 2, 2),
        ("é", 2, 1, 1),
        ("漢", 3, 1, 1),
        ("😀", 4, 2, 1),
        ("\ud83d", 3, 1, 1),
        ("\x00\ufeff", 4, 2, 2),
    ],
)
def test_count_units(text: str, utf8: int, utf16: int, utf32: int) -> None:
    assert count_units(text, "utf-8") == utf8
    assert count_units(text, "utf-16") == utf16
    assert count_units(text, "utf-32") == utf32


@settings(deadline=None)
@given(text=TEXTS.map(joined), encoding=st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_units_and_back(text: str, encoding: PositionEncoding) -> None:
    units = to_units(text, encoding)
    assert count_units(text, encoding) == len(units)
    for number in range(len(text) + 1):
        assert units_to_characters(text, len(to_units(text[:number], encoding)), encoding) == (
            number,
            False,
        )
    assert units_to_characters(text, len(units) + 1, encoding) == (len(text), False)


def test_units_inside_a_character() -> None:
    assert units_to_characters("a😀", 2, "utf-16") == (1, True)
    assert [units_to_characters("a😀", units, "utf-8")[0] for units in range(6)] == [
        *(0, 1, 1, 1, 1, 2)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\ud83d\ude00", "😀"),
        ("a\ud83d\ude00b\ud83d", "a😀b\ud83d"),
        ("\ude00\ud83d", "\ude00\ud83d"),
        ("\ud83d\ud83d\ude00\ude00", "\ud83d😀\ude00"),
        ("plain", "plain"),
        ("é", "é"),
    ],
)
def test_join_pairs(text: str, expected: str) -> None:
    assert join_pairs(text) == expected


def test_split_pair() -> None:
    assert split_pair("😀") == ("\ud83d", "\ude00")


@settings(deadline=None)
@given(text=TEXTS)
def test_line_breaks(text: str) -> None:
    assert count_breaks(text) == len(LINE_BREAK.findall(text))
    for number, start in enumerate(line_starts(text)):
        assert after_break(text, number) == start
        found = LINE_BREAK.search(text, start)
        assert line_end(text, start) == (found.start() if found else -1)
