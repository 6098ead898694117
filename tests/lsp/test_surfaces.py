"""Hover, symbols, folding and lenses: views of the same report."""

from __future__ import annotations

from typing import Any

import pytest
from tests.lsp.editor import Editor, Json, whole

TEXT = """---
name: x
---
intro

# One
<t>
## In t
text
</t>

## Sub 😀
more


# Two
"""


@pytest.fixture
def uri(editor: Editor) -> str:
    uri = editor.uri("prompts/surfaces.md")
    editor.settings[uri] = {
        "model": "gpt-4o",
        "budget": {"document": 100, "section": 40},
    }
    editor.open(uri, TEXT)
    editor.report(uri)
    return uri


def section(editor: Editor, uri: str, title: str) -> Json:
    sections: list[Json] = editor.report(uri)["sections"]
    return next(section for section in sections if section["title"] == title)


def hover(editor: Editor, uri: str, line: int, character: int = 0) -> Any:  # noqa: ANN401
    return editor.ask("textDocument/hover", uri, position={"line": line, "character": character})


def test_hover(editor: Editor, uri: str) -> None:
    one = section(editor, uri, "One")
    answer = hover(editor, uri, 5)
    assert answer["range"] == one["headRange"]
    text = answer["contents"]["value"]
    tokens, own = one["tokens"], one["ownTokens"]
    assert tokens > own
    for part in (
        f"**{tokens} tokens** with subsections, {own} of its own (o200k_base, exact)",
        f"{100 * tokens / 40:.0f} % of its budget of 40",
        f"{100 * tokens / 100:.0f} % of the document's budget of 100",
        "of gpt-4o's window of 128,000",
        "as input",
    ):
        assert part in text


def test_hover_on_front_matter_says_that_it_is_not_sent(editor: Editor, uri: str) -> None:
    text = hover(editor, uri, 0)["contents"]["value"]
    assert "Front matter is not sent." in text
    assert "budget of 40" not in text


@pytest.mark.parametrize("line", [1, 8, 12, 14, 99])
def test_no_hover_off_the_first_line_of_a_section(editor: Editor, uri: str, line: int) -> None:
    assert hover(editor, uri, line) is None


def test_hover_of_a_model_with_a_secret_tokenizer(editor: Editor) -> None:
    uri = editor.uri("prompts/claude.md")
    editor.settings[uri] = {"model": "claude-sonnet-4-5"}
    editor.open(uri, TEXT)
    report = editor.report(uri)
    text = hover(editor, uri, 15)["contents"]["value"]
    assert "claude-sonnet-4-5: ≈" in text
    assert report["estimate"]["source"] in text


def tree(symbols: list[Json]) -> list[Any]:
    return [(symbol["name"], symbol["detail"], tree(symbol["children"])) for symbol in symbols]


def test_symbols(editor: Editor, uri: str) -> None:
    def tok(title: str) -> str:
        found = section(editor, uri, title)
        label = f"{found['tokens']:,} tok"
        return label if found["sent"] else f"{label} → 0"

    symbols = editor.ask("textDocument/documentSymbol", uri)
    assert tree(symbols) == [
        ("front matter", tok("front matter"), []),
        ("preamble", tok("preamble"), []),
        (
            "One",
            tok("One"),
            [("<t>", tok("<t>"), [("In t", tok("In t"), [])]), ("Sub 😀", tok("Sub 😀"), [])],
        ),
        ("Two", tok("Two"), []),
    ]
    sub = symbols[2]["children"][1]
    assert sub["selectionRange"]["end"] == {"line": 11, "character": 9}
    assert sub["range"]["end"] == {"line": 15, "character": 0}


def test_symbols_need_a_name(editor: Editor) -> None:
    uri = editor.open(editor.uri("prompts/nameless.md"), "#\n\n#   \n")
    editor.report(uri)
    names = [symbol["name"] for symbol in editor.ask("textDocument/documentSymbol", uri)]
    assert names == ["(no title)", "(no title)"]


def test_folding(editor: Editor, uri: str) -> None:
    ranges = editor.ask("textDocument/foldingRange", uri)
    places = [(item["startLine"], item["endLine"]) for item in ranges]
    assert places == [(0, 2), (5, 12), (6, 9), (7, 8), (11, 12)]


def lenses(editor: Editor, uri: str) -> list[Json]:
    found: list[Json] = editor.ask("textDocument/codeLens", uri)
    return found


def test_lens(editor: Editor, uri: str) -> None:
    report = editor.report(uri)
    tokens, expanded = report["tokens"], report["expandedTokens"]
    (lens,) = lenses(editor, uri)
    assert lens["range"]["start"] == {"line": 0, "character": 0}
    title = lens["command"]["title"]
    assert title == f"{tokens} tok → {expanded} · {expanded} % of 100 · gpt-4o"
    editor.change(uri, whole("# A\n"))
    assert lenses(editor, uri)[0]["command"]["title"] == "3 tok · 3 % of 100 · gpt-4o"
    editor.configure({"codeLens": {"document": False}}, uri)
    assert lenses(editor, uri) == []
    editor.configure(None, uri)
    assert lenses(editor, uri)[0]["command"]["title"] == "3 tok · cl100k_base"


@pytest.mark.parametrize(
    ("method", "nothing"),
    [
        ("textDocument/documentSymbol", []),
        ("textDocument/foldingRange", []),
        ("textDocument/codeLens", []),
    ],
)
def test_nothing_in_quiet_and_unknown_documents(
    editor: Editor, method: str, nothing: list[object]
) -> None:
    assert editor.ask(method, editor.uri("prompts/unknown.md")) == nothing
    uri = editor.open(editor.uri("README.md"), TEXT)
    assert editor.ask(method, uri) == nothing
    assert hover(editor, uri, 5) is None
