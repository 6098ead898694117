"""The Neovim plugin: what each subcommand of `:Promptls` shows."""

from __future__ import annotations

from typing import Any

import pytest
from tests.clients.neovim_plugin import run, write

PROMPT = "# 漢字 😀\n\nBefore 漢字 @file:../docs/part.md\n\n## Long\n\n@file:missing.md\n"
PART = "The part.\nSecond line of the part.\n"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the subcommands showed."""
    home = tmp_path_factory.mktemp("commands")
    files = {"prompts/p.md": PROMPT, "docs/part.md": PART, "prompts/q.md": "# Q\n"}
    workspace = write(home, files)
    setup = "{ settings = { budget = { section = 20 } } }"
    answer: dict[str, Any] = run("commands", workspace, "prompts/p.md", setup=setup)
    return answer


def test_report(shown: dict[str, Any]) -> None:
    lines = shown["report"]
    assert lines[0] == "prompts/p.md"
    assert " tok → " in lines[1]
    assert "counted in cl100k_base" in lines[2]
    sections = lines.index("Sections by cost, with their subsections")
    references = lines.index("References by cost")
    assert "漢字 😀" in lines[sections + 1]
    assert "100 %" in lines[sections + 1]
    assert "% of 20" in lines[sections + 1]
    assert "Long" in lines[sections + 2]
    assert "../docs/part.md" in lines[references + 1]
    assert lines[references + 2].endswith("failed")


def test_report_jumps_and_follows(shown: dict[str, Any]) -> None:
    assert shown["report_jump"] == {"row": True, "name": "p.md", "at": [7, 0]}
    assert any("Changed" in line for line in shown["report_followed"])
    assert shown["report_closed"]


def test_references(shown: dict[str, Any]) -> None:
    first, second = shown["references"]
    assert first[:2] == [3, len("Before 漢字 ".encode()) + 1]
    assert first[2].endswith(" tok · file ../docs/part.md")
    assert second[:2] == [7, 1]
    assert second[2].startswith("file missing.md · failed · ")


def test_render(shown: dict[str, Any]) -> None:
    assert shown["rendered"] == [
        "# 漢字 😀",
        "",
        "Before 漢字 The part.",
        "Second line of the part.",
        "",
        "## Long",
        "",
        "@file:missing.md",
        "",
    ]
    assert shown["rendered_beside"] == "row"
    assert shown["rendered_is_locked"]
    ((line, text),) = shown["rendered_marks"]
    assert line == 2
    assert text.startswith("← docs/part.md · ")
    assert text.endswith(" tok")
    assert shown["rendered_jump"] == ["part.md", 2]


def test_workspace(shown: dict[str, Any]) -> None:
    first, second = shown["workspace"]
    assert (first[0], second[0]) == ("p.md", "q.md")
    assert " tok → " in first[1]
    assert "error" in first[1]
    assert second[1].endswith(" tok")


def test_jobs(shown: dict[str, Any]) -> None:
    assert "done" in shown["jobs"][0]
    assert any(line.startswith("done") and " s  " in line for line in shown["jobs"][2:])


def test_refresh(shown: dict[str, Any]) -> None:
    assert shown["refreshed"]


def test_hints(shown: dict[str, Any]) -> None:
    assert shown["hints"] == [True, False, True]


def test_log(shown: dict[str, Any]) -> None:
    assert shown["empty_log"].startswith("promptls: nothing is logged in ")
    assert shown["log"] == ["two", True]


def test_what_cannot_be_done_is_said(shown: dict[str, Any]) -> None:
    assert shown["nonsense"].startswith("promptls: there is no command `nonsense`; there are: ")
    assert shown["unattached"].startswith("promptls: no server is attached to this buffer")


def test_completion(shown: dict[str, Any]) -> None:
    assert shown["completed"] == ["references", "refresh", "render", "report", "restart"]
