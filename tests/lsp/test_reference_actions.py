"""Quick fixes: what a finding proposes, and making a file that is not there."""

from __future__ import annotations

from typing import Any

import pytest
from tests.lsp.conftest import Start
from tests.lsp.editor import EVERYTHING, Editor, Json, edit
from tests.lsp.places import at, span
from tests.lsp.vscode_capabilities import VSCODE

PUSHED = {
    **VSCODE,
    "textDocument": {
        name: value for name, value in VSCODE["textDocument"].items() if name != "diagnostic"
    },
}
"""VS Code, but with diagnostics pushed."""


def opened(editor: Editor, text: str, name: str = "prompts/doc.md") -> str:
    uri = editor.open(editor.uri(name), text)
    editor.report(uri)
    return uri


def actions(editor: Editor, uri: str, range_: Json, **context: Any) -> list[Json]:  # noqa: ANN401
    found: list[Json] = editor.ask(
        "textDocument/codeAction", uri, range=range_, context={"diagnostics": [], **context}
    )
    return found


def here(place: Json) -> Json:
    return {"start": place, "end": place}


def test_the_nearest_name_mends_a_reference(editor: Editor) -> None:
    editor.write("prompts/guide lines.md", "x")
    editor.write("prompts/guide.md", "x")
    text = "# 😀\n🙂 @file:guid.md and more\n"
    uri = opened(editor, text)
    first, *others = actions(editor, uri, here(at(text, "guid.md")))
    assert first["title"] == "Change to “guide.md”"
    assert (first["kind"], first["isPreferred"]) == ("quickfix", True)
    (diagnostic,) = first["diagnostics"]
    assert diagnostic["code"] == "reference/not-found"
    assert diagnostic["range"] == span(text, "@file:guid.md")
    (change,) = first["edit"]["changes"][uri]
    assert change == {"range": span(text, "guid.md"), "newText": "guide.md"}
    start, end = change["range"]["start"], change["range"]["end"]
    editor.change(
        uri,
        edit(
            (start["line"], start["character"]),
            (end["line"], end["character"]),
            change["newText"],
        ),
    )
    report = editor.report(uri)
    assert report["references"][0]["status"] == "resolved"
    assert report["findings"] == []
    assert not any(action["isPreferred"] for action in others)


def test_the_diagnostic_that_the_client_has_is_attached(editor: Editor) -> None:
    editor.write("prompts/guide.md", "x")
    text = "@file:guid.md\n"
    uri = opened(editor, text)
    (diagnostic,) = editor.codes(uri, {"reference/not-found"})
    (action,) = actions(editor, uri, diagnostic["range"], diagnostics=[diagnostic])
    assert action["diagnostics"] == [diagnostic]


@pytest.mark.parametrize(
    ("only", "count"),
    [(["quickfix"], 1), ([""], 1), (["refactor"], 0), (["source.fixAll", "quickfix"], 1)],
)
def test_only_what_is_asked_for(editor: Editor, only: list[str], count: int) -> None:
    editor.write("prompts/guide.md", "x")
    text = "@file:guid.md\n"
    uri = opened(editor, text)
    assert len(actions(editor, uri, here(at(text, "guid")), only=only)) == count


def test_none_elsewhere(editor: Editor) -> None:
    editor.write("prompts/guide.md", "x")
    text = "before\n@file:guid.md\nafter @file:guide.md\n"
    uri = opened(editor, text)
    for needle in ("before", "after", "guide.md"):
        assert actions(editor, uri, here(at(text, needle))) == []


def test_an_edit_says_of_which_version_it_is(start: Start) -> None:
    with start() as editor:
        editor.initialize(PUSHED)
        editor.write("prompts/guide.md", "x")
        text = "@file:guid.md\n"
        uri = opened(editor, text)
        first, make = actions(editor, uri, here(at(text, "guid")))
        (change,) = first["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": uri, "version": 1}
        assert make["title"] == "Make the file “prompts/guid.md”"
        assert make["isPreferred"] is False


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("😀 @file:new.md", "prompts/new.md"),
        ("@file:/docs/new.md", "docs/new.md"),
        ('@file:"a b/new.md"', "prompts/a b/new.md"),
        ("@file:new/*.md", None),
        ("@file:new/", None),
        ("@file:../../out.md", None),
        ("@var:none", None),
        ("@file:new.env", None),
    ],
)
def test_making_a_file(start: Start, text: str, made: str | None) -> None:
    with start() as editor:
        editor.initialize(PUSHED)
        uri = opened(editor, text)
        found = actions(editor, uri, here(at(text, "@")))
        makes = [action for action in found if action["title"].startswith("Make the file")]
        if made is None:
            assert makes == []
            return
        (make,) = makes
        assert make["isPreferred"] is True
        (create,) = make["edit"]["documentChanges"]
        assert create["kind"] == "create"
        assert create["uri"].replace("%20", " ") == editor.uri(made).replace("%20", " ")
        assert create["options"] == {"ignoreIfExists": True}


def test_a_file_is_made_in_the_folder_of_its_document(start: Start) -> None:
    with start() as editor:
        folders = [{"uri": editor.uri(name), "name": name} for name in ("one", "two")]
        editor.wire.initialize(capabilities=PUSHED, workspaceFolders=folders)
        for name in ("one", "two"):
            uri = opened(editor, "@file:/new.md", f"{name}/prompts/doc.md")
            (make,) = actions(editor, uri, here({"line": 0, "character": 3}))
            (create,) = make["edit"]["documentChanges"]
            assert create["uri"] == editor.uri(f"{name}/new.md")


def test_no_file_is_made_by_a_client_that_cannot(start: Start) -> None:
    with start() as editor:
        editor.initialize(EVERYTHING)
        uri = opened(editor, "@file:new.md")
        assert actions(editor, uri, here({"line": 0, "character": 3})) == []


def test_trailing_punctuation_gets_a_space(editor: Editor) -> None:
    editor.write("prompts/guide.md", "x")
    text = "é see @./guide.md: it says\n"
    uri = opened(editor, text, "prompts/CLAUDE.md")
    found = actions(editor, uri, here(at(text, "@")))
    action = next(action for action in found if action["title"].startswith("Put a space"))
    (change,) = action["edit"]["changes"][uri]
    assert change["newText"] == " "
    assert change["range"]["start"] == at(text, ": it")


def test_related_places_lie_in_the_files_that_they_are_in(editor: Editor) -> None:
    editor.write("prompts/a.md", "é @file:b.md\n")
    editor.write("prompts/b.md", "and @file:none.md\n")
    uri = opened(editor, "@file:a.md\n")
    (diagnostic,) = editor.codes(uri, {"reference/unresolved-inside"})
    places = {item["location"]["uri"] for item in diagnostic["relatedInformation"]}
    assert editor.uri("prompts/b.md") in places
    assert diagnostic["codeDescription"]["href"].endswith("#reference-unresolved-inside")


def test_a_cycle_shows_its_way_round(editor: Editor) -> None:
    editor.write("prompts/a.md", "@file:b.md\n")
    editor.write("prompts/b.md", "@file:doc.md\n")
    editor.write("prompts/doc.md", "@file:a.md\n")
    uri = opened(editor, "@file:a.md\n")
    (diagnostic,) = editor.codes(uri, {"reference/cycle"})
    places = [item["location"]["uri"] for item in diagnostic["relatedInformation"]]
    assert editor.uri("prompts/b.md") in places
