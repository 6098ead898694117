"""`promptls/summary`, `promptls/models` and `promptls/status`: what an editor's own views ask."""

from __future__ import annotations

import json

import pytest
from tests.lsp.editor import Editor, edit
from tests.lsp.resolved import put

from promptls import __version__
from promptls.budgets import list_models

FIGURES = (
    *("revision", "dialect", "model", "encoding", "accuracy", "tokens", "expandedTokens"),
    *("pending", "estimate", "budget"),
)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({}, "# A\nhello\n"),
        ({"model": "gpt-4o", "budget": {"document": 5}}, "---\nname: x\n---\n# A\nhello world\n"),
        ({"model": "claude-sonnet-4-5", "budget": {"document": "1%"}}, "# A\n" + "word " * 500),
        ({"budget": {"document": 5, "warnAt": 0.5}}, ""),
        ({}, "# A\n@file:b.md\n"),
    ],
)
def test_a_summary_says_what_the_report_says(
    editor: Editor, settings: dict[str, object], text: str
) -> None:
    put(editor, "prompts/b.md", "brought in\n")
    uri = editor.uri("prompts/a.md")
    editor.settings[uri] = settings
    editor.open(uri, text, version=3)
    report = editor.wait(lambda: editor.report(uri), lambda seen: seen["pending"] == 0)
    summary = editor.ask("promptls/summary", uri)
    assert {name: summary[name] for name in FIGURES} == {name: report[name] for name in FIGURES}
    assert (summary["uri"], summary["version"], summary["shown"]) == (uri, 3, True)
    budget = settings.get("budget")
    assert summary["warnAt"] == (budget.get("warnAt", 0.8) if isinstance(budget, dict) else 0.8)
    editor.change(uri, edit((0, 0), (0, 0), "more "))
    assert editor.ask("promptls/summary", uri)["tokens"] == editor.report(uri)["tokens"]


def test_a_quiet_document_has_figures(editor: Editor) -> None:
    uri = editor.open(editor.uri("notes.md"), "# A\nhello\n")
    summary = editor.ask("promptls/summary", uri)
    assert (summary["shown"], summary["tokens"]) == (False, editor.report(uri)["tokens"])


@pytest.mark.parametrize(
    ("name", "language", "shown"),
    [("Main.kt", "kotlin", False), ("a.py", "python", False), ("notes.md", "markdown", True)],
)
def test_an_annotation_in_a_program_makes_no_prompt(
    editor: Editor, name: str, language: str, shown: bool
) -> None:
    """Kotlin writes `@file:JvmName("x")`."""
    uri = editor.open(editor.uri(name), '@file:JvmName("x")\n', language)
    editor.wait(lambda: editor.report(uri), lambda seen: seen["pending"] == 0)
    editor.settle()
    assert editor.ask("promptls/summary", uri)["shown"] is shown


def test_models_are_those_of_the_command_line(editor: Editor) -> None:
    models = editor.wire.request("promptls/models", {})["result"]["models"]
    assert [(one["provider"], one["name"]) for one in models] == [
        (model.provider, model.name) for model in list_models()
    ]
    assert len(models) > 1_000


def test_status_tells_of_versions_and_work_without_any_text(editor: Editor) -> None:
    uri = editor.open(editor.uri("prompts/a.md"), "# secret-word\n@file:b.md\n")
    editor.report(uri)
    status = editor.wire.request("promptls/status", {})["result"]
    assert status["version"] == __version__
    assert (status["engine"] in {"tiktoken", "quicktok"}, status["trusted"]) == (True, False)
    assert (status["documents"], status["folders"]) == (1, 1)
    assert set(status["cache"]) == {
        *("database", "problem", "memoryHits", "databaseHits", "misses", "writes"),
    }
    assert sum(status["jobs"].values()) > 0
    assert "secret-word" not in json.dumps(status)
