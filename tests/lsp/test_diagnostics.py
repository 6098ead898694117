"""Diagnostics, pushed and pulled: they appear, link to their page, and go."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from tests.lsp.conftest import Start
from tests.lsp.editor import EVERYTHING, PUBLISH, Editor, Json, edit, whole

from promptls.findings import CATALOGUE
from promptls.lsp.diagnostics import documentation_of

PULL: Json = EVERYTHING | {"textDocument": {"diagnostic": {"dynamicRegistration": True}}}
TEXT = "# Small\na\n\n# Large\n" + "word " * 60 + "\n\n# Medium\n" + "word " * 30 + "\n"


def codes(items: list[Json]) -> set[str]:
    return {item["code"] for item in items}


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_code_has_its_place_in_the_documentation(code: str) -> None:
    address = urlsplit(documentation_of(code))
    page = Path(unquote(address.path)).read_text("utf-8")
    assert f'<a id="{address.fragment}"></a>' in page


def test_pushed_diagnostics(editor: Editor) -> None:
    uri = editor.uri("prompts/over.md")
    editor.settings[uri] = {"budget": {"document": 80, "section": 90}}
    editor.open(uri, TEXT)
    (document,) = editor.codes(uri, {"budget/document-exceeded"})
    assert document["severity"] == 1
    assert document["source"] == "promptls"
    assert document["range"] == {
        "start": {"line": 0, "character": 0},
        "end": {"line": 0, "character": 7},
    }
    assert document["message"].startswith("The document: 103 of 80 tokens (128 %): cut 24")
    related = document["relatedInformation"]
    assert [item["message"].split(":")[0] for item in related] == ["Large", "Medium", "Small"]
    assert {item["location"]["uri"] for item in related} == {uri}
    assert [item["location"]["range"]["start"]["line"] for item in related] == [3, 6, 0]
    page = urlsplit(document["codeDescription"]["href"])
    assert page.fragment == "budget-document-exceeded"
    assert Path(unquote(page.path)).is_file()
    # Cut down, near the budget, then below; each time what held before is gone.
    editor.change(uri, edit((4, 0), (4, 36 * 5), ""))
    near = editor.codes(uri, {"budget/document-near"})
    assert near[0]["severity"] == 2
    editor.change(uri, edit((4, 0), (5, 0), ""))
    assert editor.codes(uri, set()) == []


def test_the_largest_sections_count_with_what_they_bring_in(editor: Editor) -> None:
    editor.write("prompts/imported.md", "word " * 90)
    uri = editor.uri("prompts/importing.md")
    editor.settings[uri] = {"budget": {"document": 100}}
    editor.open(uri, "# Own\n" + "word " * 30 + "\n# Importing\n@file:imported.md\n")
    (document,) = editor.codes(uri, {"budget/document-exceeded"})
    related = document["relatedInformation"]
    assert [item["message"].split(":")[0] for item in related] == ["Importing", "Own"]


def test_closing_clears(editor: Editor) -> None:
    uri = editor.uri("prompts/closed.md")
    editor.settings[uri] = {"budget": {"document": 10}}
    editor.open(uri, TEXT)
    editor.codes(uri, {"budget/document-exceeded"})
    editor.close(uri)
    assert editor.published(uri) == []


def test_quiet_documents_have_none(editor: Editor) -> None:
    uri = editor.uri("README.md")
    editor.settings[uri] = {"budget": {"document": 10}}
    editor.open(uri, TEXT)
    findings = editor.report(uri)["findings"]
    assert codes(findings) == {"budget/document-exceeded"}
    assert editor.seen(PUBLISH) == []


def test_edits_at_once_are_published_once(editor: Editor) -> None:
    uri = editor.uri("prompts/debounced.md")
    editor.settings[uri] = {"budget": {"document": 10}, "debounce": 400}
    editor.open(uri, TEXT)
    editor.codes(uri, {"budget/document-exceeded"})
    messages = []
    for version in range(2, 40):
        change = {
            "range": {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 0}}
        }
        document = {"uri": uri, "version": version}
        params = {"textDocument": document, "contentChanges": [change | {"text": "a"}]}
        messages.append({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params})
    editor.wire.send(*messages)
    editor.settle()
    assert editor.seen(PUBLISH) == []
    params = editor.wire.expect(PUBLISH)["params"]
    assert (params["uri"], params["version"]) == (uri, 39)
    assert editor.seen(PUBLISH) == []


def test_typing_in_front_matter_is_debounced_too(editor: Editor) -> None:
    uri = editor.uri("prompts/front.md")
    editor.settings[uri] = {"debounce": 400}
    editor.open(uri, "---\nmodel: none-such\n---\n# A\n")
    editor.codes(uri, {"budget/unknown-model"})
    for column in range(6):
        editor.change(uri, edit((1, 16 + column), (1, 16 + column), "x"))
        editor.report(uri)
    assert editor.seen(PUBLISH) == []
    (unknown,) = editor.codes(uri, {"budget/unknown-model"})
    assert "none-suchxxxxxx" in unknown["message"]
    assert unknown["range"]["start"]["line"] == 1


@pytest.mark.parametrize("pull", [False, True])
def test_push_or_pull_but_never_both(start: Start, pull: bool) -> None:
    with start() as editor:
        answer = editor.initialize(PULL if pull else EVERYTHING)
        editor.settings[""] = {"budget": {"document": 10}}
        provider = answer["capabilities"].get("diagnosticProvider")
        assert bool(provider) is pull
        uri = editor.open(editor.uri("prompts/a.md"), TEXT)
        if not pull:
            editor.codes(uri, {"budget/document-exceeded"})
            response = editor.wire.request(
                "textDocument/diagnostic", {"textDocument": {"uri": uri}}
            )
            assert response["error"]["code"] == -32601
            return
        assert codes(editor.pull(uri)) == {"budget/document-exceeded"}
        editor.change(uri, whole("# A\n"))
        assert editor.pull(uri) == []
        editor.change(uri, whole(TEXT))
        assert codes(editor.pull(uri)) == {"budget/document-exceeded"}
        refreshed = editor.asked["workspace/diagnostic/refresh"]
        editor.configure({"budget": {"document": 10_000}})
        assert editor.pull(uri) == []
        editor.settle()
        assert editor.asked["workspace/diagnostic/refresh"] > refreshed
        editor.close(uri)
        assert editor.pull(uri) == []
        assert editor.seen(PUBLISH) == []


@pytest.mark.parametrize("pull", [False, True])
def test_settings_files(start: Start, pull: bool) -> None:
    with start() as editor:
        path = editor.root / "promptls.toml"
        path.write_text('[budget]\ndocument = "much"\nsections = 3\n')
        editor.initialize(PULL if pull else EVERYTHING)

        def problems() -> list[Any]:
            if not pull:
                return editor.published(path.as_uri())
            items = editor.wire.result("workspace/diagnostic", {"previousResultIds": []})["items"]
            return [one for item in items if item["uri"] == path.as_uri() for one in item["items"]]

        uri = editor.open(editor.uri("prompts/a.md"), TEXT)
        assert editor.report(uri)["budget"] is None
        wrong = problems()
        assert codes(wrong) == {"settings/wrong-value", "settings/unknown-key"}
        assert [item["range"]["start"]["line"] for item in wrong] == [1, 2]
        editor.write("promptls.toml", "[budget]\ndocument = 30\n")
        assert problems() == []
        assert editor.report(uri)["budget"]["limit"] == 30
        editor.write("promptls.toml", "budget = [\n")
        assert codes(problems()) == {"settings/not-toml"}
        assert editor.report(uri)["budget"] is None
        # The file may go while no document is open.
        editor.close(uri)
        path.unlink()
        editor.touched(path)
        assert problems() == []


@pytest.mark.parametrize("pull", [False, True])
def test_settings_files_that_are_open(start: Start, pull: bool) -> None:
    with start() as editor:
        text = "[budget]\ndocument = true\n"
        path = editor.write("promptls.toml", text)
        editor.initialize(PULL if pull else EVERYTHING)
        toml = editor.open(path.as_uri(), text, "toml")
        editor.open(editor.uri("prompts/a.md"), TEXT)
        if pull:
            editor.wait(lambda: codes(editor.pull(toml)), lambda found: bool(found))
            assert codes(editor.pull(toml)) == {"settings/wrong-value"}
        else:
            editor.codes(toml, {"settings/wrong-value"})
            editor.close(toml)
            editor.settle()
            assert [
                item for item in editor.seen(PUBLISH) if not item["params"]["diagnostics"]
            ] == []
