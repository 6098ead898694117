"""The workspace's documents, open or not: what is told of them, and how it keeps up to date."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.lsp.conftest import Start
from tests.lsp.editor import EVERYTHING, Editor, Json, whole

PULL: Json = EVERYTHING | {"textDocument": {"diagnostic": {"dynamicRegistration": True}}}
UNWATCHED: Json = {
    **EVERYTHING,
    "workspace": {
        key: value
        for key, value in EVERYTHING["workspace"].items()
        if key != "didChangeWatchedFiles"
    },
}


def lay_out(editor: Editor, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = editor.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def workspace(editor: Editor) -> Json:
    """The workspace report once it is complete."""
    report: Json = editor.wait(
        lambda: editor.wire.result("promptls/workspaceReport", {}),
        lambda report: report["complete"],
    )
    return report


def documents(editor: Editor) -> dict[str, Json]:
    """The documents of the workspace by their names."""
    return {name_of(editor, one["uri"]): one for one in workspace(editor)["documents"]}


def name_of(editor: Editor, uri: str) -> str:
    return uri.removeprefix(editor.root.as_uri() + "/")


def codes(document: Json) -> list[str]:
    return [finding["code"] for finding in document["findings"]]


def until(editor: Editor, wanted: Callable[[dict[str, Json]], bool]) -> dict[str, Json]:
    """The documents once they are as wanted: what changed on disk is seen a little later."""
    return editor.wait(lambda: documents(editor), wanted)


CYCLE = {
    "CLAUDE.md": "# Rules\n@docs/style.md\n",
    "docs/style.md": "Write well.\n@tone.md\n",
    "docs/tone.md": "Be kind.\n@style.md\n",
    "prompts/plan.md": "# Plan\n@file:../docs/tone.md\n@file:missing.md\n",
    "README.md": "# Quiet\n",
    "node_modules/x/CLAUDE.md": "not ours",
    ".gitignore": "node_modules/\n",
}


def test_documents_that_nobody_opened(start: Start) -> None:
    with start() as editor:
        lay_out(editor, CYCLE)
        editor.initialize()
        found = documents(editor)
        assert sorted(found) == ["CLAUDE.md", "prompts/plan.md"]
        claude, plan = found["CLAUDE.md"], found["prompts/plan.md"]
        assert claude["dialect"] == "claude"
        assert 0 < claude["tokens"] < claude["expandedTokens"]
        assert codes(claude) == ["reference/cycle"]
        assert "style.md → docs/tone.md → docs/style.md" in claude["findings"][0]["message"]
        assert codes(plan) == ["reference/not-found"]
        assert plan["findings"][0]["range"]["start"] == {"line": 2, "character": 0}
        totals = workspace(editor)["totals"]
        assert totals == {
            "documents": 2,
            "tokens": claude["tokens"] + plan["tokens"],
            "expandedTokens": claude["expandedTokens"] + plan["expandedTokens"],
            "pending": 0,
            "findings": {"error": 1, "warning": 1, "information": 0, "hint": 0},
        }
        # It says the same as the document's own report.
        uri = editor.open(editor.uri("CLAUDE.md"), CYCLE["CLAUDE.md"])
        own = editor.report(uri)
        assert {key: own[key] for key in claude if key != "pending"} == {
            key: value for key, value in claude.items() if key != "pending"
        }


def test_what_changes_on_disk(start: Start) -> None:
    with start() as editor:
        lay_out(editor, CYCLE)
        editor.initialize()
        before = documents(editor)
        editor.write("prompts/missing.md", "Here I am.\n")
        found = until(editor, lambda found: "prompts/missing.md" in found)
        assert codes(found["prompts/plan.md"]) == []
        assert found["prompts/plan.md"]["expandedTokens"] is not None
        # What is imported by something imported.
        editor.write("docs/tone.md", "Be kind, " * 50)
        found = until(editor, lambda found: codes(found["CLAUDE.md"]) == [])
        assert found["CLAUDE.md"]["expandedTokens"] > before["CLAUDE.md"]["expandedTokens"] + 50
        (editor.root / "prompts/missing.md").unlink()
        editor.touched(editor.root / "prompts/missing.md")
        found = until(editor, lambda found: "prompts/missing.md" not in found)
        assert codes(found["prompts/plan.md"]) == ["reference/not-found"]
        # A folder that comes and goes is told of by its name alone.
        lay_out(editor, {"skills/a/SKILL.md": "# A\n", "skills/b/SKILL.md": "# B\n"})
        editor.touched(editor.root / "skills")
        found = until(editor, lambda found: "skills/b/SKILL.md" in found)
        assert "skills/a/SKILL.md" in found
        (editor.root / "skills").rename(editor.root.parent / "elsewhere")
        editor.touched(editor.root / "skills")
        until(editor, lambda found: "skills/a/SKILL.md" not in found)
        # Ignored from now on.
        editor.write(".gitignore", "prompts/\n")
        until(editor, lambda found: "prompts/plan.md" not in found)


def test_clients_that_do_not_watch(start: Start) -> None:
    with start() as editor:
        lay_out(editor, CYCLE)
        editor.initialize(UNWATCHED)
        assert sorted(documents(editor)) == ["CLAUDE.md", "prompts/plan.md"]
        lay_out(editor, {"AGENTS.md": "# Agents\n", "docs/tone.md": "Be kind.\n"})
        (editor.root / "prompts/plan.md").unlink()
        found = until(editor, lambda found: sorted(found) == ["AGENTS.md", "CLAUDE.md"])
        until(editor, lambda found: codes(found["CLAUDE.md"]) == [])
        assert codes(found["AGENTS.md"]) == []


def test_what_is_open_counts_as_it_stands(start: Start) -> None:
    with start() as editor:
        lay_out(editor, CYCLE | {"docs/tone.md": "Be kind.\n"})
        editor.initialize()
        before = documents(editor)["CLAUDE.md"]["expandedTokens"]
        tone = editor.open(editor.uri("docs/tone.md"), "Be kind.\n")
        editor.change(tone, whole("Be kind. " * 100))
        until(editor, lambda found: found["CLAUDE.md"]["expandedTokens"] > before + 100)
        editor.close(tone)
        until(editor, lambda found: found["CLAUDE.md"]["expandedTokens"] == before)
        claude = editor.open(editor.uri("CLAUDE.md"), "# Rules\n")
        editor.report(claude)
        assert documents(editor)["CLAUDE.md"]["expandedTokens"] == 3
        editor.close(claude)
        until(editor, lambda found: found["CLAUDE.md"]["expandedTokens"] == before)


def test_settings_and_folders(start: Start, tmp_path: Path) -> None:
    with start() as editor:
        lay_out(editor, CYCLE)
        editor.initialize()
        editor.settings[""] = {"budget": {"document": 1}}
        found = documents(editor)
        assert "budget/document-exceeded" in codes(found["CLAUDE.md"])
        editor.configure({})
        until(editor, lambda found: codes(found["CLAUDE.md"]) == ["reference/cycle"])
        editor.write("promptls.toml", 'markdown = "all"\n[[files]]\nglob = "*.rules"\n')
        until(editor, lambda found: "README.md" in found)
        editor.write("team.rules", "Be on time.")
        until(editor, lambda found: "team.rules" in found)
        other = tmp_path / "other"
        (other / "prompts").mkdir(parents=True)
        (other / "prompts" / "more.md").write_text("# More\n")
        folder = {"uri": other.as_uri(), "name": "other"}

        def folders(**event: list[Json]) -> None:
            params = {"event": {"added": [], "removed": [], **event}}
            editor.wire.notify("workspace/didChangeWorkspaceFolders", params)

        uri = (other / "prompts" / "more.md").as_uri()
        folders(added=[folder])
        until(editor, lambda found: uri in found)
        folders(removed=[folder])
        until(editor, lambda found: uri not in found)


def test_nothing_is_fetched_or_read_outside(start: Start) -> None:
    with start() as editor:
        (editor.root.parent / "secret.md").write_text("secret " * 50)
        text = "# A\n@file:../../secret.md\n@api:http://127.0.0.1:9/x\n"
        lay_out(editor, {"prompts/a.md": text, "prompts/.env": "KEY=1"})
        options = {"trusted": True, "machine": {"allowedHosts": ["127.0.0.1:9"]}}
        editor.initialize(options=options)
        found = documents(editor)["prompts/a.md"]
        assert codes(found) == ["reference/blocked"]
        assert found["expandedTokens"] is None  # nobody has asked the source
        assert workspace(editor)["totals"]["pending"] == 1


def pull_all(editor: Editor, previous: dict[str, str]) -> dict[str, Json]:
    """The items of a workspace pull by name; `previous` are the result ids by name."""
    ids = [{"uri": editor.uri(name), "value": value} for name, value in previous.items()]
    items = editor.wire.result("workspace/diagnostic", {"previousResultIds": ids})["items"]
    return {name_of(editor, item["uri"]): item for item in items}


def test_findings_of_files_that_are_not_open(start: Start) -> None:
    with start() as editor:
        lay_out(editor, CYCLE)
        editor.initialize(PULL)
        workspace(editor)
        editor.settle()
        assert editor.asked["workspace/diagnostic/refresh"] > 0
        first = pull_all(editor, {})
        assert sorted(first) == ["CLAUDE.md", "prompts/plan.md"]
        plan = first["prompts/plan.md"]
        assert plan["kind"] == "full"
        assert [item["code"] for item in plan["items"]] == ["reference/not-found"]
        ids = {name: item["resultId"] for name, item in first.items()}
        again = pull_all(editor, ids)
        assert [item["kind"] for item in again.values()] == ["unchanged", "unchanged"]
        # An open document is asked for by itself.
        uri = editor.open(editor.uri("prompts/plan.md"), CYCLE["prompts/plan.md"])
        editor.report(uri)
        assert sorted(pull_all(editor, ids)) == ["CLAUDE.md"]
        editor.close(uri)
        assert [item["code"] for item in editor.pull(uri)] == ["reference/not-found"]
        assert pull_all(editor, ids)["prompts/plan.md"]["kind"] == "full"
        editor.write("prompts/missing.md", "# Here\n")
        until(editor, lambda found: codes(found["prompts/plan.md"]) == [])
        assert pull_all(editor, ids)["prompts/plan.md"]["items"] == []
        (editor.root / "CLAUDE.md").unlink()
        editor.touched(editor.root / "CLAUDE.md")
        until(editor, lambda found: "CLAUDE.md" not in found)
        assert pull_all(editor, ids)["CLAUDE.md"]["items"] == []


def test_a_thousand_documents(start: Start) -> None:
    with start() as editor:
        files = {
            f"prompts/p{number}.md": f"# P {number}\n@file:shared.md\n" for number in range(1000)
        }
        lay_out(editor, files | {"prompts/shared.md": "# Shared\n"})
        editor.initialize()
        uri = editor.open(editor.uri("prompts/p1.md"), files["prompts/p1.md"])
        editor.report(uri)
        found = until(editor, lambda found: len(found) == 1001)
        assert all(one["expandedTokens"] for one in found.values())
        params: Any = {
            "position": {"line": 0, "character": 0},
            "context": {"includeDeclaration": False},
        }
        shared = editor.open(editor.uri("prompts/shared.md"), "# Shared\n")
        assert len(editor.ask("textDocument/references", shared, **params)) == 1000


@pytest.mark.parametrize("text", ["\0\1\2", "# A\n" * 300_000])
def test_what_is_no_prompt(start: Start, text: str) -> None:
    with start() as editor:
        lay_out(editor, {"prompts/a.md": text, "prompts/b.md": "# B\n"})
        editor.initialize()
        report = editor.wait(
            lambda: editor.wire.result("promptls/workspaceReport", {}),
            lambda report: bool(report["documents"]),
        )
        assert [name_of(editor, one["uri"]) for one in report["documents"]] == ["prompts/b.md"]
