"""Settings in a running server: asked for per document, changed, wrong, late, and in files."""

from __future__ import annotations

import pytest
from tests.lsp.conftest import Start
from tests.lsp.editor import CONFIGURATION, EVERYTHING, Editor, Json, edit, environment

TEXT = "# A\nhello world\n"


def limit(editor: Editor, uri: str) -> int | None:
    budget = editor.report(uri)["budget"]
    return None if budget is None else int(budget["limit"])


def test_each_document_has_its_own(editor: Editor) -> None:
    uris = [editor.uri(f"prompts/{number}.md") for number in (1, 2, 3)]
    editor.settings[uris[0]] = {"budget": {"document": 11}}
    editor.settings[uris[1]] = {"budget": {"document": 12}}
    for uri in uris:
        editor.open(uri, TEXT)
    assert [limit(editor, uri) for uri in uris] == [11, 12, None]


def test_changes_take_effect(editor: Editor) -> None:
    uri = editor.open(editor.uri("prompts/a.md"), TEXT)
    assert limit(editor, uri) is None
    editor.configure({"budget": {"document": 4}, "encoding": "o200k_base"})
    assert limit(editor, uri) == 4
    assert editor.report(uri)["encoding"] == "o200k_base"
    editor.codes(uri, {"budget/document-exceeded"})
    editor.configure({"budget": {"document": 400}})
    assert editor.codes(uri, set()) == []
    assert editor.report(uri)["encoding"] == "cl100k_base"


def test_settings_that_are_pushed(start: Start) -> None:
    """By clients that cannot be asked: first in the options, then with each change."""
    with start() as editor:
        editor.initialize({}, options={"settings": {"budget": {"document": 5}}})
        uri = editor.open(editor.uri("prompts/a.md"), TEXT)
        assert limit(editor, uri) == 5
        for settings, expected in (
            ({"promptls": {"budget": {"document": 6}}}, 6),
            ({"other": {}}, 6),
            (None, 6),
            ({"promptls": {}}, None),
        ):
            editor.wire.notify("workspace/didChangeConfiguration", {"settings": settings})
            assert limit(editor, uri) == expected


@pytest.mark.parametrize(("answer", "expected"), [(None, 5), ({}, None), ({"budget": 0}, None)])
def test_options_hold_where_the_client_has_no_answer(
    start: Start, answer: object, expected: int | None
) -> None:
    """Zed asks the extension for settings, and answers null when it knows none."""
    with start() as editor:
        editor.settings[""] = answer
        editor.initialize(options={"settings": {"budget": {"document": 5}}})
        uri = editor.open(editor.uri("prompts/a.md"), TEXT)
        assert limit(editor, uri) == expected


@pytest.mark.parametrize(
    "answer",
    [
        *(None, [], 5, "x", True, {"budget": 7.5}, {"budget": {"document": "much"}}, {"model": []}),
        *({"encoding": "none"}, {"hints": {"sections": "no"}}, {"files": {"glob": 1}}, {"nope": 1}),
    ],
)
def test_wrong_types_give_a_message_and_the_default(start: Start, answer: object) -> None:
    with start() as editor:
        editor.settings[""] = answer
        editor.initialize()
        uri = editor.open(editor.uri("prompts/a.md"), TEXT)
        report = editor.report(uri)
        assert (report["budget"], report["encoding"]) == (None, "cl100k_base")
        assert editor.labels(uri) == ["6 tok"]
        messages = [item["params"]["message"] for item in editor.seen("window/showMessage")]
        assert len(messages) == (0 if answer is None else 1)
        assert all("settings" in message for message in messages)
        editor.configure(answer)
        editor.report(uri)
        assert editor.seen("window/showMessage") == []  # said once


def test_files_and_their_changes(editor: Editor) -> None:
    uri = editor.open(editor.uri("deep/prompts/a.md"), TEXT)
    editor.configure({"budget": {"document": 50}})
    assert limit(editor, uri) == 50
    path = editor.write("promptls.toml", "[budget]\ndocument = 40\n")
    assert limit(editor, uri) == 40
    near = editor.write("deep/pyproject.toml", "[tool.promptls.budget]\ndocument = 30\n")
    assert limit(editor, uri) == 30
    rule = '[[files]]\nglob = "prompts/*.md"\ndocument = 20\nmodel = "gpt-4o"\n'
    nearest = editor.write("deep/promptls.toml", rule)
    assert limit(editor, uri) == 20
    assert editor.report(uri)["model"] == "gpt-4o"
    for file, expected in ((nearest, 30), (near, 40), (path, 50)):
        file.unlink()
        editor.touched(file)
        assert limit(editor, uri) == expected


DIRECTIVE = "<!-- promptls: budget=1 model=gpt-4o -->\n"
FRONT = "---\nmodel: gpt-4.1\npromptls:\n  budget: 2\n---\n"
TOML = 'model = "o3"\n[budget]\ndocument = 3\n'
CLIENT = {"model": "gpt-4o-mini", "budget": {"document": 4}}
USER = 'model = "gpt-4"\n[budget]\ndocument = 5\n'


@pytest.mark.parametrize(
    ("text", "toml", "client", "user", "expected"),
    [
        (FRONT + DIRECTIVE, TOML, CLIENT, USER, ("gpt-4o", 1)),
        (FRONT, TOML, CLIENT, USER, ("gpt-4.1", 2)),
        ("", TOML, CLIENT, USER, ("o3", 3)),
        ("", "", CLIENT, USER, ("gpt-4o-mini", 4)),
        ("", "", None, USER, ("gpt-4", 5)),
        ("", "", None, "", (None, None)),
    ],
)
def test_precedence(
    start: Start,
    text: str,
    toml: str,
    client: object,
    user: str,
    expected: tuple[str | None, int | None],
) -> None:
    with start() as editor:
        home = editor.root.parent
        folder = home / "xdg_config_home" / "promptls"
        assert environment(home)["XDG_CONFIG_HOME"] == str(folder.parent)
        folder.mkdir(parents=True)
        (folder / "promptls.toml").write_text(user)
        (editor.root / "promptls.toml").write_text(toml)
        editor.settings[""] = client
        editor.initialize()
        uri = editor.open(editor.uri("prompts/a.md"), text + TEXT)
        report = editor.report(uri)
        assert (report["model"], limit(editor, uri)) == expected


@pytest.mark.parametrize(
    ("model", "found"),
    [
        ("gpt-4o", set()),
        ("none-such-model", {"budget/unknown-model"}),
        ("inherit", set()),
        ("sonnet", set()),
        ("opus", set()),
        ("Auto (copilot)", set()),
        ("[gpt-4o, none-such]", set()),
    ],
)
def test_models_in_front_matter(editor: Editor, model: str, found: set[str]) -> None:
    uri = editor.open(editor.uri("prompts/a.md"), f"---\nmodel: {model}\n---\n{TEXT}")
    findings = editor.report(uri)["findings"]
    assert {finding["code"] for finding in findings} == found
    assert all(finding["range"]["start"]["line"] == 1 for finding in findings)


def test_a_directive_beside_which_is_edited(editor: Editor) -> None:
    """It keeps its place, and belongs to the section that is around it now."""
    uri = editor.open(
        editor.uri("prompts/a.md"), f"intro\n{DIRECTIVE}text\n<!-- promptls: x=1 -->\n"
    )
    assert limit(editor, uri) == 1
    editor.change(uri, edit((0, 0), (0, 0), "\n# Head\n"))
    report = editor.report(uri)
    assert report["budget"] is None
    assert [item["budget"] and item["budget"]["limit"] for item in report["sections"]] == [None, 1]
    places = {item["code"]: item["range"]["start"]["line"] for item in report["findings"]}
    assert places == {"budget/section-exceeded": 1, "directive/unknown-key": 5}
    assert editor.labels(uri)[-1].endswith("% of 1")
    editor.change(uri, edit((1, 0), (2, 0), ""))
    assert limit(editor, uri) == 1


def test_machine_settings_of_a_workspace_are_refused(start: Start) -> None:
    with start() as editor:
        path = editor.root / "promptls.toml"
        path.write_text('engine = "tiktoken"\n')
        editor.initialize()
        editor.report(editor.open(editor.uri("prompts/a.md"), TEXT))
        (finding,) = editor.codes(path.as_uri(), {"settings/machine-only"})
        assert finding["range"]["start"] == {"line": 0, "character": 0}


def test_machine_settings_of_the_options_are_checked(start: Start) -> None:
    with start() as editor:
        editor.initialize(options={"machine": {"engine": "abacus"}})
        uri = editor.open(editor.uri("prompts/a.md"), TEXT)
        assert editor.report(uri)["tokens"] == 6
        (message,) = editor.seen("window/showMessage")
        assert "engine" in message["params"]["message"]


@pytest.mark.parametrize("options", [None, 5, [], {"machine": 3, "settings": [], "trusted": "yes"}])
def test_options_of_any_type(start: Start, options: object) -> None:
    with start() as editor:
        editor.initialize(options=options)
        uri = editor.open(editor.uri("prompts/a.md"), TEXT)
        assert editor.report(uri)["tokens"] == 6


def test_a_client_that_answers_late(start: Start) -> None:
    with start() as editor:
        answer = editor.wire.answers.pop(CONFIGURATION)
        editor.initialize()
        editor.settings[""] = {"budget": {"document": 9}}
        uri = editor.open(editor.uri("prompts/a.md"), TEXT)
        assert limit(editor, uri) is None
        assert editor.labels(uri) == ["6 tok"]
        # What is edited meanwhile does not wait once more.
        editor.change(uri, edit((0, 0), (0, 0), "---\nname: x\n---\n"))
        assert editor.labels(uri) == ["6 tok → 0", "6 tok"]
        asked = editor.wire.expect(CONFIGURATION)
        result = answer(asked["params"])
        editor.wire.send({"jsonrpc": "2.0", "id": asked["id"], "result": result})
        assert editor.wait(lambda: limit(editor, uri), lambda found: found is not None) == 9


@pytest.mark.parametrize(
    "response",
    [
        {"error": {"code": -32601, "message": "no"}},
        {"result": {}},
        {"result": []},
        {"result": 5},
        {"result": [[1], 2]},
    ],
)
def test_a_client_that_answers_wrongly(start: Start, response: Json) -> None:
    with start() as editor:
        del editor.wire.answers[CONFIGURATION]
        editor.initialize()
        uri = editor.open(editor.uri("prompts/a.md"), TEXT)
        asked = editor.wire.expect(CONFIGURATION)
        editor.wire.send({"jsonrpc": "2.0", "id": asked["id"], **response})
        assert editor.report(uri)["tokens"] == 6


def test_what_the_client_is_asked_to_tell(start: Start) -> None:
    with start() as editor:
        editor.initialize()
        params = editor.wire.expect("client/registerCapability")["params"]
        options = {item["method"]: item["registerOptions"] for item in params["registrations"]}
        assert options == {
            "workspace/didChangeConfiguration": {"section": "promptls"},
            "workspace/didChangeWatchedFiles": {"watchers": [{"globPattern": "**/*"}]},
        }


def test_folders_that_come_and_go(start: Start) -> None:
    with start() as editor:
        other = editor.root.parent / "other"
        (other / "prompts").mkdir(parents=True)
        (other / "promptls.toml").write_text("[budget]\ndocument = 8\n")
        editor.initialize(EVERYTHING)
        uri = editor.open((other / "prompts" / "a.md").as_uri(), TEXT)
        assert limit(editor, uri) is None  # only its own folder's settings count
        folder = {"uri": other.as_uri(), "name": "other"}
        for added, removed, expected in (([folder], [], 8), ([], [folder], None)):
            event = {"added": added, "removed": removed}
            editor.wire.notify("workspace/didChangeWorkspaceFolders", {"event": event})
            assert limit(editor, uri) == expected
