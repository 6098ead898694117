"""Edits that once left a report different from that of a fresh document, as small as they get."""

from __future__ import annotations

import pytest
from tests.lsp.comparison import difference
from tests.lsp.editor import Editor, Json, edit
from tests.oracles.text_model import edited

BUDGET = "<!-- promptls: budget=3 -->\n"


@pytest.mark.parametrize(
    ("text", "edits"),
    [
        # U+FEFF is a BOM in the first line only.
        ("a\n\n### b\n", [edit((2, 0), (2, 1), "\ufeff")]),
        # The first line of front matter with a mark near by.
        ("---\na: b\nmodel: o3\n---\nx\n", [edit((1, 4), (1, 4), ": [")]),
        # Directives move with the text, to another section as well.
        (f"a\n{BUDGET}", [edit((0, 0), (0, 0), "b\n")]),
        (f"a\n{BUDGET}", [edit((0, 0), (0, 0), "# H\n")]),
        (f"# H\n{BUDGET}# I\nlong enough\n", [edit((1, 0), (1, 0), "# J\n")]),
        (f"# H\n{BUDGET}text\n", [edit((0, 3), (0, 3), "ead")]),
        ("a\n<!-- promptls: x=1 -->\n", [edit((0, 0), (0, 0), "b\n"), edit((0, 0), (0, 1), "")]),
        # The dialect that a directive names comes and goes with it.
        ("user:\nb\n", [edit((0, 0), (0, 0), "<!-- promptls: dialect=prompty -->\n")]),
        ("<!-- promptls: dialect=prompty -->\nuser:\nb\n", [edit((0, 0), (0, 6), "")]),
        # A long line that is not known at once, and that was no text before.
        ("<!--" * 5_000 + "\n# A\n", [edit((0, 0), (0, 1), "x")]),
        ("`" * 50_000 + "\n# A\n", [edit((0, 0), (0, 49_999), "x")]),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_edits(editor: Editor, text: str, edits: list[Json]) -> None:
    uri = editor.open(editor.uri("prompts/a.md"), text)
    editor.report(uri)
    for change in edits:
        editor.change(uri, change)
        start, end = change["range"]["start"], change["range"]["end"]
        place = (start["line"], start["character"], end["line"], end["character"])
        text = edited(text, (place, change["text"]), "utf-16")
        assert difference(editor, uri, editor.uri("prompts/fresh.md"), text) == ""
