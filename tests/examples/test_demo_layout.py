"""The demo lays documents out as an editor would, and lets nothing steer the terminal."""

from __future__ import annotations

from typing import Any

import pytest
from scripts.demo.acts import IMPORTING, SECTION, origin_of, rules_to_cut
from scripts.demo.document import Document, label
from scripts.demo.editor import replaced
from scripts.demo.layout import Note, columns, escaped, laid_out, painter, up_to
from scripts.demo.workspace import EXAMPLES

PLAIN = painter(coloured=False)


def hint(line: int, text: str) -> dict[str, Any]:
    return {"position": {"line": line, "character": 0}, "label": text}


def place(start: tuple[int, int], end: tuple[int, int]) -> dict[str, Any]:
    return {
        "start": {"line": start[0], "character": start[1]},
        "end": {"line": end[0], "character": end[1]},
    }


def test_hints_end_lines_and_notes_stand_below() -> None:
    lines = ["# 表 T", "body", *["more"] * 5]
    note = Note(place((0, 2), (0, 5)), "warning", "near", ("line 2: body",))
    assert list(laid_out(lines, [hint(0, "290 tok")], [note], PLAIN)) == [
        "   1 │ # 表 T  290 tok",
        "     │   ^^^^",
        "     │ warning near",
        "     │   line 2: body",
        "   2 │ body",
        "     │ … 5 lines …",
    ]


@pytest.mark.parametrize(("between", "folded"), [(4, False), (5, True)])
def test_a_fold_never_hides_fewer_lines_than_it_is_worth(between: int, folded: bool) -> None:
    lines = ["# A", *["text"] * between, "# B"]
    hints = [hint(0, "1 tok"), hint(between + 1, "1 tok")]
    assert any("lines …" in line for line in laid_out(lines, hints, [], PLAIN)) is folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain 日本 🧤", "plain 日本 🧤"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\u202eback", "\\u202eback"),
        ("lone \ud800", "lone \\ud800"),
        ("tab\t", "tab\\t"),
    ],
)
def test_control_characters_are_shown(text: str, expected: str) -> None:
    assert escaped(text) == expected


@pytest.mark.parametrize(
    ("line", "character", "before"),
    [("a🧤b", 1, "a"), ("a🧤b", 3, "a🧤"), ("ab", 9, "ab"), ("", 0, "")],
)
def test_columns_of_the_protocol_are_utf_16(line: str, character: int, before: str) -> None:
    assert up_to(line, character) == before


def test_wide_characters_take_two_columns() -> None:
    assert columns("a日e\u0301") == 4


def test_labels_may_come_in_parts() -> None:
    assert label({"label": [{"value": "1 "}, {"value": "tok"}]}) == "1 tok"


def test_the_lines_to_cut_are_rules_of_the_edited_section() -> None:
    path = EXAMPLES / IMPORTING
    text = path.read_text(encoding="utf-8")
    first, end = rules_to_cut(Document(IMPORTING, path, text))
    lines = text.split("\n")
    assert lines.index(SECTION) < first < end
    assert lines[first].startswith("- ")
    assert lines[end + 1] == "## Style"


@pytest.mark.parametrize(
    ("start", "end", "new", "expected"),
    [
        ((0, 0), (0, 0), "x", "xa🧤b\nc"),
        ((0, 3), (0, 4), "", "a🧤\nc"),
        ((0, 1), (1, 1), "-", "a-"),
        ((1, 1), (1, 1), "🧤", "a🧤b\nc🧤"),
    ],
)
def test_edits_are_in_utf_16(
    start: tuple[int, int], end: tuple[int, int], new: str, expected: str
) -> None:
    assert replaced("a🧤b\nc", place(start, end), new) == expected


@pytest.mark.parametrize(
    ("hover", "origin"),
    [
        (
            "**a\\.md**\n\nFrom memory · http\\:\\/\\/x\\.y\n\n```\nFrom afar\n```",
            "From memory · http://x.y",
        ),
        ("**name**\n\n**4 tokens**", ""),
    ],
)
def test_the_row_of_a_hover_that_names_the_source(hover: str, origin: str) -> None:
    assert origin_of(hover) == origin
