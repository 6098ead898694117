"""Random edits: `TextBuffer` against a model that splices strings of code units."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles.sizes import Sizes
from tests.oracles.text_model import edited, joined, line_starts, lines_of, to_units

from promptls.text import Change, Edit, PositionEncoding, TextBuffer

PIECES = (
    *("a", "b ", "word ", "x" * 50, "\n", "\n\n", "\r", "\r\n", "\u2028", "\x0c", "\x0b", "\x85"),
    *("é", "漢", "😀", "\ud83d", "\ude00", "\x00", "\ufeff"),
)
SIZES = (Sizes(), Sizes(chunk=(4, 8), leaf=(3, 4)), Sizes(chunk=(16, 40)))
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
LONG_TEXTS = st.lists(st.sampled_from(PIECES), min_size=20, max_size=200).map("".join)
LINES = st.integers(0, 60)
CHARACTERS = st.integers(0, 70)


@st.composite
def ranges(draw: st.DrawFn) -> tuple[int, int, int, int]:
    line, character = draw(LINES), draw(CHARACTERS)
    if draw(st.booleans()):
        return line, character, line, character + draw(st.integers(0, 3))
    return line, character, draw(LINES), draw(CHARACTERS)


EDITS = st.lists(
    st.builds(Edit, st.one_of(ranges(), ranges(), ranges(), st.none()), TEXTS),
    min_size=5,
    max_size=20,
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@settings(deadline=None, max_examples=100)
@given(text=st.one_of(TEXTS, LONG_TEXTS), edits=EDITS, sizes=st.sampled_from(SIZES))
def test_edits(encoding: PositionEncoding, text: str, edits: list[Edit], sizes: Sizes) -> None:
    with sizes.in_use():
        buffer = TextBuffer(text, encoding)
        text = joined(text)
        check_state(buffer, text)
        for edit in edits:
            lines = len(lines_of(text))
            if edit.range is not None:
                # Most random lines lie past the end; these shall lie on one or just behind.
                a, b, c, d = edit.range
                edit = Edit((a % (lines + 1), b, c % (lines + 1), d), edit.text)
            new_text = edited(text, edit, encoding)
            check_change(buffer.apply(edit), text, new_text)
            text = new_text
            check_state(buffer, text)


@settings(deadline=None, max_examples=100)
@given(
    text=LONG_TEXTS,
    edits=st.lists(st.tuples(st.integers(-5, 900), st.integers(-5, 60), TEXTS), max_size=20),
    sizes=st.sampled_from(SIZES),
)
def test_replacements(text: str, edits: list[tuple[int, int, str]], sizes: Sizes) -> None:
    with sizes.in_use():
        buffer = TextBuffer(text)
        text = joined(text)
        for start, length, new in edits:
            first = min(max(start, 0), len(text))
            last = min(max(start + length, first), len(text))
            new_text = joined(text[:first] + new + text[last:])
            check_change(buffer.replace(start, start + length, new), text, new_text)
            text = new_text
            check_state(buffer, text)


def check_change(change: Change, old: str, new: str) -> None:
    """The change tells what lies between two texts, in characters and in lines."""
    start, removed, inserted, first_line, old_lines, new_lines = change
    assert old[start : start + len(removed)] == removed
    assert old[:start] + inserted + old[start + len(removed) :] == new
    before, after = lines_of(old), lines_of(new)
    assert before[:first_line] == after[:first_line]
    assert before[first_line + old_lines :] == after[first_line + new_lines :]
    assert len(before) - old_lines == len(after) - new_lines


def check_state(buffer: TextBuffer, text: str) -> None:
    """Every question to the buffer is answered as the text says."""
    encoding = buffer.encoding
    lines, starts = lines_of(text), line_starts(text)
    assert buffer.text() == text
    assert len(buffer) == len(text)
    assert buffer.line_count == len(lines)
    assert "".join(chunk for _, chunk in buffer.chunks()) == text
    for number, line in enumerate(lines):
        units = len(to_units(line, encoding))
        assert buffer.line_start(number) == starts[number]
        assert buffer.line_end(number) == starts[number] + len(line)
        assert buffer.line_text(number) == line
        assert buffer.line_text(number, 3) == line[:3]
        assert buffer.line_length(number) == units
        assert buffer.offset_at(number, units) == starts[number] + len(line)
        assert buffer.position_at(starts[number] + len(line)) == (number, units)
    for offset in range(0, len(text) + 1, max(len(text) // 10, 1)):
        held_by = max(at for at, start in enumerate(starts) if start <= offset)
        character = len(to_units(text[starts[held_by] : offset], encoding))
        assert buffer.line_of(offset) == held_by
        assert buffer.position_at(offset) == (held_by, character)
        if offset <= starts[held_by] + len(lines[held_by]):
            assert buffer.offset_at(held_by, character) == offset
        base, chunk = buffer.window(offset)
        assert text[base : base + len(chunk)] == chunk
        assert base <= offset <= base + len(chunk)
        stop = offset + len(text) // 3
        assert buffer.slice(offset, stop) == text[offset:stop]
