"""What an edit makes of a text, one example a line."""

from __future__ import annotations

import pytest

from promptls.text import Change, Edit, PositionEncoding, TextBuffer

HIGH, LOW = "\ud83d", "\ude00"
BIG = "x" * 1_000_000


@pytest.mark.parametrize(
    ("text", "edit", "expected"),
    [
        pytest.param("", ((0, 0, 0, 0), "a"), "a", id="empty document"),
        pytest.param("", ((3, 9, 7, 1), "a"), "a", id="empty document, far outside"),
        pytest.param("abc", ((0, 1, 0, 2), ""), "ac", id="delete"),
        pytest.param("abc", ((0, 2, 0, 1), "X"), "aXc", id="reversed range"),
        pytest.param("a\nb\nc", ((2, 1, 0, 1), "X"), "aX", id="reversed range over lines"),
        pytest.param("ab\ncd", ((0, 99, 0, 99), "X"), "abX\ncd", id="past the end of a line"),
        pytest.param("ab\r\ncd", ((0, 99, 0, 99), "X"), "abX\r\ncd", id="past the end, CRLF"),
        pytest.param("ab\rcd", ((0, 99, 0, 99), "X"), "abX\rcd", id="past the end, lone CR"),
        pytest.param("ab\ncd", ((9, 0, 9, 5), "X"), "ab\ncdX", id="past the last line"),
        pytest.param("ab\n", ((1, 5, 1, 5), "X"), "ab\nX", id="behind the last line break"),
        pytest.param("ab\ncd", ((0, 0, 9, 0), ""), "", id="all lines and one more"),
        pytest.param("a\r\nb", ((0, 1, 1, 0), ""), "ab", id="delete CRLF"),
        pytest.param("a\rXb\nc", ((1, 0, 1, 2), ""), "a\r\nc", id="CR meets LF"),
        pytest.param("a\rb", ((1, 0, 1, 0), "\n"), "a\r\nb", id="LF put behind CR"),
        pytest.param("a\nb", ((0, 1, 0, 1), "\r"), "a\r\nb", id="CR put before LF"),
        pytest.param("a\u2028b\x0cc", ((0, 4, 0, 5), "X"), "a\u2028b\x0cX", id="no line ends"),
        pytest.param("\ufeffa", ((0, 1, 0, 2), "X"), "\ufeffX", id="BOM is a character"),
        pytest.param("a\x00b", ((0, 1, 0, 2), ""), "ab", id="NUL"),
        pytest.param("😀b", ((0, 2, 0, 2), "X"), "😀Xb", id="behind a pair"),
        pytest.param("😀b", ((0, 1, 0, 1), "X"), f"{HIGH}X{LOW}b", id="inside a pair"),
        pytest.param("😀b", ((0, 1, 0, 2), ""), f"{HIGH}b", id="the second half"),
        pytest.param("a😀", ((0, 0, 0, 2), ""), LOW, id="the first half"),
        pytest.param(f"{LOW}b", ((0, 0, 0, 0), HIGH), "😀b", id="high put before low"),
        pytest.param(f"a{HIGH}b", ((0, 2, 0, 2), LOW), "a😀b", id="low put behind high"),
        pytest.param(f"{HIGH}x{LOW}", ((0, 1, 0, 2), ""), "😀", id="halves that meet"),
        pytest.param("😀😀", ((0, 1, 0, 3), ""), "😀", id="halves of two characters"),
        pytest.param("a\nb", (None, "new"), "new", id="whole text"),
        pytest.param("a\nb", (None, ""), "", id="whole text, nothing"),
        pytest.param("a", (None, f"{HIGH}{LOW}"), "😀", id="whole text, halves"),
        pytest.param(BIG, ((0, 500_000, 0, 999_999), "y"), "x" * 500_000 + "yx", id="long line"),
        pytest.param(BIG, ((0, 5, 0, 5), BIG), BIG + BIG, id="long insertion"),
    ],
)
def test_edit_in_utf16(
    text: str, edit: tuple[tuple[int, int, int, int] | None, str], expected: str
) -> None:
    buffer = TextBuffer(text, "utf-16")
    change = buffer.apply(Edit(*edit))
    assert buffer.text() == expected
    assert len(buffer) == len(expected)
    kept = text[: change.start], text[change.start + len(change.removed) :]
    assert kept[0] + change.inserted + kept[1] == expected


@pytest.mark.parametrize(
    ("text", "edit", "expected"),
    [
        ("abc\ndef", ((0, 1, 0, 2), "X"), Change(1, "b", "X", 0, 1, 1)),
        ("abc\ndef", ((0, 3, 1, 0), ""), Change(3, "\n", "", 0, 2, 1)),
        ("abc\ndef", ((1, 0, 1, 0), "\n"), Change(4, "", "\n", 1, 1, 2)),
        ("abc", (None, "a\nb"), Change(0, "abc", "a\nb", 0, 1, 2)),
        # The line break before the edit changes from a lone CR to CRLF: its line is touched too.
        ("a\rb", ((1, 0, 1, 0), "\n"), Change(2, "", "\n", 0, 2, 2)),
    ],
)
def test_change(
    text: str, edit: tuple[tuple[int, int, int, int] | None, str], expected: Change
) -> None:
    assert TextBuffer(text).apply(Edit(*edit)) == expected


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a\n", ["a", ""]),
        ("a\r\nb\rc\nd", ["a", "b", "c", "d"]),
        ("\r\r\n\n", ["", "", "", ""]),
        ("\n\r", ["", "", ""]),
        # What str.splitlines would split as well.
        ("a\x0bb\x0cc\x1cd\x85e\u2028f\u2029g", ["a\x0bb\x0cc\x1cd\x85e\u2028f\u2029g"]),
        ("\ufeffa\n\x00", ["\ufeffa", "\x00"]),
    ],
)
def test_lines(text: str, lines: list[str]) -> None:
    buffer = TextBuffer(text)
    assert [buffer.line_text(number) for number in range(buffer.line_count)] == lines


@pytest.mark.parametrize(
    ("encoding", "offsets"),
    [
        # The offsets of characters 0, 1, 2, … of the line "é漢😀z": in utf-8 they are 2, 3, 4 and 1
        # units long, in utf-16 1, 1, 2 and 1. A position inside a character is one before it.
        ("utf-8", [0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 4, 4]),
        ("utf-16", [0, 1, 2, 2, 3, 4, 4]),
        ("utf-32", [0, 1, 2, 3, 4, 4]),
    ],
)
def test_offsets_of_characters(encoding: PositionEncoding, offsets: list[int]) -> None:
    buffer = TextBuffer("é漢😀z\nb", encoding)
    assert [buffer.offset_at(0, character) for character in range(len(offsets))] == offsets


@pytest.mark.parametrize(
    ("encoding", "positions"),
    [
        ("utf-8", [(0, 0), (0, 2), (0, 5), (0, 9), (0, 10), (1, 0), (1, 1)]),
        ("utf-16", [(0, 0), (0, 1), (0, 2), (0, 4), (0, 5), (1, 0), (1, 1)]),
        ("utf-32", [(0, 0), (0, 1), (0, 2), (0, 3), (0, 4), (1, 0), (1, 1)]),
    ],
)
def test_positions_of_offsets(encoding: PositionEncoding, positions: list[tuple[int, int]]) -> None:
    buffer = TextBuffer("é漢😀z\nb", encoding)
    assert [buffer.position_at(offset) for offset in range(len(buffer) + 1)] == positions


def test_positions_outside_the_text() -> None:
    buffer = TextBuffer("ab\ncd")
    assert buffer.offset_at(-1, 5) == 0
    assert buffer.offset_at(1, -5) == 3
    assert buffer.offset_at(7, 0) == buffer.line_start(7) == buffer.line_end(7) == 5
    assert buffer.line_text(7) == buffer.line_text(7, 10) == ""
    assert buffer.line_length(7) == 0
    assert buffer.slice(3, 99) == "cd"
    assert buffer.slice(99, 100) == buffer.slice(2, 1) == ""
    assert buffer.window(99) == (0, "ab\ncd")
    assert TextBuffer("").window(0) == (0, "")


def test_position_in_a_line_of_many_chunks() -> None:
    line = "漢😀z" * 10_000
    for encoding, units in (("utf-8", 8), ("utf-16", 4), ("utf-32", 3)):
        buffer = TextBuffer(f"first\n{line}\nlast", encoding)  # type: ignore[arg-type]
        assert buffer.line_length(1) == 10_000 * units
        assert buffer.offset_at(1, 5_000 * units) == 6 + 15_000
        assert buffer.position_at(6 + 15_000) == (1, 5_000 * units)
        assert buffer.line_text(1, 4) == line[:4]
        assert buffer.line_text(1) == line


def test_many_edits_of_one_change() -> None:
    buffer = TextBuffer("".join(f"line {number}\n" for number in range(2_000)))
    for number in range(1_000):
        buffer.apply(Edit((number, 0, number, 4), f"LINE{number % 10}"))
    assert buffer.line_text(999) == "LINE9 999"
    assert buffer.line_text(1_000) == "line 1000"
    assert buffer.line_count == 2_001
