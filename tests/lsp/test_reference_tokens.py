"""Semantic tokens: references stand out, at the columns of the client."""

from __future__ import annotations

import pytest
from tests.lsp.conftest import Start
from tests.lsp.editor import EVERYTHING, Editor, Json
from tests.lsp.places import UNITS

LEGEND = ["keyword", "string", "variable", "parameter"]

REFRESHING = {
    **EVERYTHING,
    "workspace": {**EVERYTHING["workspace"], "semanticTokens": {"refreshSupport": True}},
}


def decoded(text: str, data: list[int], encoding: str = "utf-16") -> list[tuple[str, str]]:
    """(text, type) of each token."""
    found = []
    line = column = 0
    width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    lines = text.split("\n")
    for at in range(0, len(data), 5):
        lines_on, columns_on, length, kind, modifiers = data[at : at + 5]
        assert modifiers == 0
        line, column = line + lines_on, columns_on if lines_on else column + columns_on
        units = lines[line].encode(UNITS[encoding])
        part = units[column * width : (column + length) * width]
        found.append((part.decode(UNITS[encoding]), LEGEND[kind]))
    return found


def full(editor: Editor, uri: str) -> list[int]:
    data: list[int] = editor.ask("textDocument/semanticTokens/full", uri)["data"]
    return data


CASES: list[tuple[str, str, list[tuple[str, str]]]] = [
    (
        "prompts/doc.md",
        '😀 @file:a.md?max=9 and @file:"b c.md"#L2, @var:n 漢 @api:x',
        [
            ("@file:", "keyword"),
            ("a.md", "string"),
            ("?max=9", "parameter"),
            ("@file:", "keyword"),
            ('"b c.md"', "string"),
            ("#L2", "parameter"),
            ("@var:", "keyword"),
            ("n", "variable"),
            ("@api:", "keyword"),
            ("x", "string"),
        ],
    ),
    ("prompts/doc.md", "`@file:a.md` \\@file:a.md a@b.md @candidate/x", []),
    ("prompts/CLAUDE.md", "é @./a.md", [("@", "keyword"), ("./a.md", "string")]),
    (
        "prompts/x.prompt.md",
        "#file:a.md:1-2 [some text](a.md)",
        [
            ("#file:", "keyword"),
            ("a.md", "string"),
            (":1-2", "parameter"),
            ("a.md", "string"),
        ],
    ),
    (
        "prompts/x.prompty",
        "${file:a.md} ${env:HOME:x}",
        [
            ("${file:", "keyword"),
            ("a.md", "string"),
            ("}", "keyword"),
            ("${", "keyword"),
            ("env:HOME", "variable"),
            (":x}", "keyword"),
        ],
    ),
]


@pytest.mark.parametrize(("name", "text", "wanted"), CASES)
def test_tokens(editor: Editor, name: str, text: str, wanted: list[tuple[str, str]]) -> None:
    editor.write("prompts/a.md", "alpha\nbeta\n")
    uri = editor.open(editor.uri(name), text)
    editor.report(uri)
    assert decoded(text, full(editor, uri)) == wanted


@pytest.mark.parametrize("encoding", list(UNITS))
def test_every_encoding_gives_the_same_texts(start: Start, encoding: str) -> None:
    name, line, wanted = CASES[0]
    text = f"# 🙂\n{line}\n\n漢字 {line}\n"
    with start() as editor:
        capabilities = editor.initialize(encodings=[encoding])["capabilities"]
        provider = capabilities["semanticTokensProvider"]
        assert provider["legend"]["tokenTypes"] == LEGEND
        assert provider["full"] and provider["range"]
        uri = editor.open(editor.uri(name), text)
        editor.report(uri)
        assert decoded(text, full(editor, uri), encoding) == wanted * 2


def test_a_range_of_lines(editor: Editor) -> None:
    text = "\n".join(f"line {number} 😀 @var:v{number}" for number in range(100))
    uri = editor.open(editor.uri("prompts/many.md"), text)
    editor.report(uri)
    some: Json = {
        "start": {"line": 10, "character": 3},
        "end": {"line": 12, "character": 0},
    }
    data = editor.ask("textDocument/semanticTokens/range", uri, range=some)["data"]
    names = [part for part, kind in decoded(text, data) if kind == "variable"]
    assert names == ["v10", "v11", "v12"]
    whole = [part for part, kind in decoded(text, full(editor, uri)) if kind == "variable"]
    assert whole == [f"v{number}" for number in range(100)]


def test_many_lines_are_seen_to_elsewhere(editor: Editor) -> None:
    text = "".join(f"@var:v{number}\n" for number in range(1_000))
    uri = editor.open(editor.uri("prompts/many.md"), text)
    editor.report(uri)
    assert len(full(editor, uri)) == 1_000 * 2 * 5
    links = editor.ask("textDocument/documentLink", uri)
    assert links == []


def test_a_candidate_shows_once_it_is_found(start: Start) -> None:
    with start() as editor:
        editor.initialize(REFRESHING)
        editor.wire.answers["workspace/semanticTokens/refresh"] = lambda _params: None
        text = "see @docs there\n"
        uri = editor.open(editor.uri("x.mdc"), text)
        editor.report(uri)
        assert full(editor, uri) == []
        editor.wire.backlog.clear()
        path = editor.root / "docs"
        path.write_text("found")
        change = {"uri": path.as_uri(), "type": 1}
        editor.wire.notify("workspace/didChangeWatchedFiles", {"changes": [change]})
        editor.wire.expect("workspace/semanticTokens/refresh")
        tokens = editor.wait(lambda: full(editor, uri), bool)
        assert decoded(text, tokens) == [("@", "keyword"), ("docs", "string")]
