"""Document links and go to definition: from a reference to what it brings in."""

from __future__ import annotations

from typing import Any

import pytest
from tests.lsp.conftest import Start
from tests.lsp.editor import EVERYTHING, Editor, Json
from tests.lsp.places import at, span

TEXT = """---
sample:
  tone: warm
---
# 😀 One
🙂 see @file:a.md and @file:b.md#L2-L3 and @file:none.md
all of @file:many/*.md, @var:tone, @var:name, @api:status
"""


@pytest.fixture
def uri(editor: Editor) -> str:
    editor.write("prompts/a.md", "alpha\n")
    editor.write("prompts/b.md", "one\ntwo\nthree\n")
    editor.write("prompts/many/x.md", "x\n")
    editor.write("prompts/many/y.md", "y\n")
    editor.write(
        "promptls.toml",
        '# 😀\n[vars]\nname = "Ann"\n\n[endpoints.status]\nurl = "https://status.example.com/"\n',
    )
    uri = editor.open(editor.uri("prompts/links.md"), TEXT)
    editor.report(uri)
    return uri


def links(editor: Editor, uri: str) -> list[Json]:
    found: list[Json] = editor.ask("textDocument/documentLink", uri)
    return found


def definitions(editor: Editor, uri: str, needle: str, text: str = TEXT) -> list[Any]:
    found: list[Any] = editor.ask("textDocument/definition", uri, position=at(text, needle))
    return found


def test_links_lead_to_files(editor: Editor, uri: str) -> None:
    assert links(editor, uri) == [
        {
            "range": span(TEXT, "a.md"),
            "target": editor.uri("prompts/a.md"),
            "tooltip": "prompts/a.md",
        },
        {
            "range": span(TEXT, "b.md"),
            "target": editor.uri("prompts/b.md") + "#L2",
            "tooltip": "prompts/b.md, from line 2",
        },
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_links_stand_in_the_columns_of_the_client(start: Start, encoding: str) -> None:
    text = "# Ü\n漢字 😀 @file:é.md 😀 @file:é.md\n"
    with start() as editor:
        editor.initialize(encodings=[encoding])
        editor.write("prompts/é.md", "x\n")
        uri = editor.open(editor.uri("prompts/columns.md"), text)
        editor.report(uri)
        first, second = links(editor, uri)
        assert first["range"] == span(text, "é.md", encoding)
        line = text.split("\n")[1]
        start_of_last = len(line.rpartition("é.md")[0].encode("utf-8"))
        if encoding == "utf-8":
            assert second["range"]["start"]["character"] == start_of_last


def test_definition_of_a_file(editor: Editor, uri: str) -> None:
    start = {"line": 0, "character": 0}
    assert definitions(editor, uri, "@file:a.md") == [
        {"uri": editor.uri("prompts/a.md"), "range": {"start": start, "end": start}}
    ]
    (lines,) = definitions(editor, uri, "b.md#L2")
    assert lines["range"]["start"] == {"line": 1, "character": 0}
    assert [item["uri"] for item in definitions(editor, uri, "many/")] == [
        editor.uri("prompts/many/x.md"),
        editor.uri("prompts/many/y.md"),
    ]


@pytest.mark.parametrize("needle", ["none.md", "see", "# 😀"])
def test_no_definition(editor: Editor, uri: str, needle: str) -> None:
    assert definitions(editor, uri, needle) == []


def test_definition_of_names(editor: Editor, uri: str) -> None:
    (tone,) = definitions(editor, uri, "var:tone")
    assert (tone["uri"], tone["range"]["start"]) == (uri, {"line": 2, "character": 2})
    settings = editor.uri("promptls.toml")
    (name,) = definitions(editor, uri, "var:name")
    assert (name["uri"], name["range"]["start"]) == (settings, {"line": 2, "character": 0})
    (status,) = definitions(editor, uri, "api:status")
    assert (status["uri"], status["range"]["start"]) == (settings, {"line": 4, "character": 11})


@pytest.mark.parametrize(
    ("front", "name", "place"),
    [
        ("inputs:\n  x:\n    default: 1", "x", (2, 2)),
        ("inputs:\n  - name: x\n    default: 1", "x", (2, 10)),
        ("input:\n  default:\n    x: 1", "x", (3, 4)),
        ("sample: {y: 2, 'x': 1}", "x", (1, 16)),
        ("inputs:\n  x: 1\nsample:\n  x: 2", "x", (4, 2)),
        ("sample:\n  a:\n    b: 2", "a.b", (3, 4)),
    ],
)
def test_definition_in_front_matter(
    editor: Editor, front: str, name: str, place: tuple[int, int]
) -> None:
    text = f"---\n{front}\n---\nIt is @var:{name}.\n"
    uri = editor.open(editor.uri("prompts/front.md"), text)
    editor.report(uri)
    (found,) = definitions(editor, uri, "@var:", text)
    assert found["range"]["start"] == {"line": place[0], "character": place[1]}


def test_definition_with_its_origin(start: Start) -> None:
    capabilities = {**EVERYTHING, "textDocument": {"definition": {"linkSupport": True}}}
    text = "😀 @file:a.md\n"
    with start() as editor:
        editor.initialize(capabilities)
        editor.write("prompts/a.md", "alpha\n")
        uri = editor.open(editor.uri("prompts/links.md"), text)
        editor.report(uri)
        (link,) = definitions(editor, uri, "a.md", text)
        assert link["targetUri"] == editor.uri("prompts/a.md")
        assert link["originSelectionRange"] == span(text, "@file:a.md")


def test_each_folder_of_a_workspace_is_a_root(start: Start) -> None:
    text = "See @file:/top.md and @file:../../one/top.md\n"
    with start() as editor:
        roots = [editor.root / name for name in ("one", "two")]
        folders = [{"uri": root.as_uri(), "name": root.name} for root in roots]
        editor.wire.initialize(capabilities=EVERYTHING, workspaceFolders=folders)
        for root in roots:
            editor.write(f"{root.name}/top.md", root.name)
        for root in roots:
            uri = editor.open(editor.uri(f"{root.name}/prompts/a.md"), text)
            editor.report(uri)
            assert [link["target"] for link in links(editor, uri)] == [
                editor.uri(f"{root.name}/top.md"),
                editor.uri("one/top.md"),
            ]


def test_nothing_leads_out_of_an_untrusted_workspace(start: Start) -> None:
    text = "See @file:../../secret.md and @api:https://example.com/x\n"
    with start() as editor:
        editor.initialize()
        (editor.root.parent / "secret.md").write_text("secret")
        uri = editor.open(editor.uri("prompts/a.md"), text)
        editor.report(uri)
        assert links(editor, uri) == []
        assert definitions(editor, uri, "@file:", text) == []
