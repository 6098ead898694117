"""The demo lays documents out as an editor would, and lets nothing steer the terminal."""

from __future__ import annotations

from typing import Any

import pytest
from scripts.demo import (
    EDITED,
    EXAMPLES,
    SECTION,
    Document,
    columns,
    escaped,
    label,
    painter,
    rules_to_cut,
    shown,
    up_to,
)

PLAIN = painter(coloured=False)


def hint(line: int, text: str) -> dict[str, Any]:
    return {"position": {"line": line, "character": 0}, "label": text}


def diagnostic(line: int, start: int, end: int) -> dict[str, Any]:
    return {
        "range": {
            "start": {"line": line, "character": start},
            "end": {"line": line, "character": end},
        },
        "severity": 2,
        "code": "budget/section-near",
        "message": "290 of 300 tokens",
    }


def test_hints_end_lines_and_diagnostics_stand_below() -> None:
    document = Document(EXAMPLES / EDITED, "# 表 T\nbody\n" + "more\n" * 5)
    document.hints = [hint(0, "290 tok")]
    document.diagnostics = [diagnostic(0, 2, 5)]
    assert list(shown(document, PLAIN)) == [
        "   1 │ # 表 T  290 tok",
        "     │   ^^^^",
        "     │ warning budget/section-near: 290 of 300 tokens",
        "   2 │ body",
        "     │ … 5 lines …",
    ]


@pytest.mark.parametrize(("between", "folded"), [(4, False), (5, True)])
def test_a_fold_never_hides_fewer_lines_than_it_is_worth(between: int, folded: bool) -> None:
    document = Document(EXAMPLES / EDITED, "# A\n" + "text\n" * between + "# B\n")
    document.hints = [hint(0, "1 tok"), hint(between + 1, "1 tok")]
    assert any("lines …" in line for line in shown(document, PLAIN)) is folded


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
    text = (EXAMPLES / EDITED).read_text(encoding="utf-8")
    first, end = rules_to_cut(Document(EXAMPLES / EDITED, text))
    lines = text.split("\n")
    assert lines.index(SECTION) < first < end
    assert lines[first].startswith("- ")
    assert lines[end + 1] == "## Style"
