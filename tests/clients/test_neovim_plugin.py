"""The Neovim plugin: hints, diagnostics and the status line, and how they follow edits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.clients.neovim_plugin import run, write
from tests.oracles.reference_encodings import reference_count

SECTION, DOCUMENT = 30, 50
SETUP = f"{{ settings = {{ budget = {{ section = {SECTION}, document = {DOCUMENT} }} }} }}"
LINES = ("# A", "Answer.", "## Kürze 漢字 😀", "Be brief. " * 20)
BRIEF = (*LINES[:3], "Be brief.")
CHANGED = (LINES[2].encode()[:8] + "漢".encode() + LINES[2].encode()[8:]).decode()
BROKEN = "漢字 😀 @file:no.md"
MORE = (*LINES[:2], CHANGED, "Be brief.", "### 😀 more", "word " * 12, BROKEN)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Neovim showed after each step of typing.lua."""
    home = tmp_path_factory.mktemp("typing")
    workspace = write(home, {"prompts/a.md": "\n".join(LINES) + "\n"})
    answer: dict[str, Any] = run("typing", workspace, "prompts/a.md", setup=SETUP)
    return answer


def count(lines: tuple[str, ...], head: int = 0) -> int:
    return reference_count("cl100k_base", "\n".join(lines[head:]) + "\n")


def labels(lines: tuple[str, ...], *heads: int) -> list[list[object]]:
    """[line, column in utf-8, label] of sections that begin at `heads` and end with the text."""
    hints: list[list[object]] = []
    for head in heads:
        tokens = count(lines, head)
        label = f"{tokens} tok · {100 * tokens // SECTION} % of {SECTION}"
        hints.append([head, len(lines[head].encode()), label])
    return hints


def status(lines: tuple[str, ...]) -> str:
    tokens = count(lines)
    return f"{tokens} tok · {100 * tokens // DOCUMENT} % of {DOCUMENT}"


def test_positions_are_in_bytes_and_diagnostics_are_pushed(seen: dict[str, Any]) -> None:
    assert (seen["encoding"], seen["pull"]) == ("utf-8", False)


def test_hints(seen: dict[str, Any]) -> None:
    assert [step["hints"] for step in seen["steps"]] == [
        labels(LINES, 0, 2),
        labels(BRIEF, 0, 2),
        [*labels(MORE, 0, 2, 4), [6, len(BROKEN.encode()), "not found"]],
        labels(("",), 0),
    ]


def test_diagnostics(seen: dict[str, Any]) -> None:
    over, near = "budget/section-exceeded", "budget/document-near"
    first, second, third, fourth = (step["diagnostics"] for step in seen["steps"])
    assert [code for *_, code in first].count("budget/document-exceeded") == 1
    places = [item for item in first if item[3] == over]
    assert places == [
        [line, 0, len(LINES[line].encode()), "budget/section-exceeded"] for line in (0, 2)
    ]
    assert second == fourth == []
    codes = [code for *_, code in third]
    assert near in codes
    broken = "漢字 😀 ".encode()
    assert [6, len(broken), len(BROKEN.encode()), "reference/not-found"] in third


def test_status_follows(seen: dict[str, Any]) -> None:
    steps = [(step["text"], step["highlight"]) for step in seen["steps"]]
    assert steps == [
        (status(LINES), "PromptlsError"),
        (status(BRIEF), "PromptlsNormal"),
        (status(MORE), "PromptlsWarning"),
        (status(("",)), "PromptlsNormal"),
    ]
    assert seen["statuses"][0] == "counting…"


def test_drawing_asks_nothing(seen: dict[str, Any]) -> None:
    assert seen["requests_while_drawing"] == 0


def test_status_line_as_it_is_drawn(tmp_path: Path) -> None:
    text = "---\nmodel: claude-sonnet-4-5\nbudget: 1000\n---\n# A\n\nAnswer.\n"
    workspace = write(tmp_path, {"prompts/a.md": text})
    seen = run("statusline", workspace, "prompts/a.md")
    shown = seen["status"]["text"]
    assert shown.startswith("≈")
    assert shown.endswith(" tok · 0 % of 1,000")
    assert seen["drawn"] == seen["in_lualine"] == shown
    assert seen["component"] == seen["of_buffer"] == shown.replace("%", "%%")
    assert seen["elsewhere"] == ""
    assert seen["unknown"]
    assert seen["status"]["exact"] is False
    assert seen["has_highlights"]


def test_a_hidden_prompt_is_asked_about_when_it_is_shown(tmp_path: Path) -> None:
    workspace = write(tmp_path, {"prompts/a.md": "# A\n\nAnswer.\n"})
    seen = run("hidden", workspace, "prompts/a.md")
    assert seen["while_hidden"] == {"asked": 0, "text": seen["before"]}
    assert seen["after"] != seen["before"]
