"""The Neovim plugin: the server missing, killed, trusted, and given other settings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.clients.neovim_plugin import run, write

FILES = {"prompts/a.md": "# A\n\nAnswer.\n\n## B\n\nBe brief.\n"}


def test_a_missing_server_is_told_once_and_with_a_way_out(tmp_path: Path) -> None:
    workspace = write(tmp_path, FILES)
    # With `python -m`, a module of the workspace must not be taken for the server.
    (workspace / "promptls.py").write_text("raise SystemExit('not this one')\n", "utf-8")
    seen = run("missing", workspace, "prompts/a.md", server_on_path=False)
    (said,) = seen["said"]
    assert said.startswith("promptls: the server `promptls` was not found. Install it")
    assert said.endswith(":checkhealth promptls")
    assert seen["of_command"].startswith("promptls: no server is attached")
    health = "\n".join(seen["health"])
    assert "ERROR the server `promptls` was not found" in health
    assert "setup({ cmd = " in health
    assert seen["started"]
    healthy = "\n".join(seen["healthy"])
    assert "OK promptls " in healthy
    assert "not trusted, 3 buffers, positions in utf-8" in healthy
    assert "ERROR" not in healthy
    assert "WARNING" not in healthy


def test_health_warns_of_pulled_diagnostics(tmp_path: Path) -> None:
    health = "\n".join(run("health", write(tmp_path, FILES), "prompts/a.md"))
    assert "WARNING diagnostics are pulled" in health
    assert "ERROR" not in health


def test_a_killed_server_is_started_again(tmp_path: Path) -> None:
    seen = run("restart", write(tmp_path, FILES), "prompts/a.md")
    assert seen["before"] == seen["after"] == seen["again"]
    assert seen["before"]["hints"] == 2
    assert seen["killed"] == "none"
    assert any(":Promptls restart starts it again" in text for text in seen["said"])
    assert seen["servers"] == [1, 1, 1]
    assert seen["distinct"]
    assert seen["attached"] == 1


@pytest.mark.parametrize(
    ("trusted", "first"),
    [
        ("false", ["reference/blocked"]),
        ("true", []),
        ("{ FOLDER }", []),
        ("{ FOLDER .. '/other' }", ["reference/blocked"]),
    ],
)
def test_trust(tmp_path: Path, trusted: str, first: list[str]) -> None:
    workspace = write(tmp_path, {"prompts/a.md": "In @var:env:CHECK_CITY.\n"})
    folder = trusted.replace("FOLDER", f"'{workspace.parent}'")
    setup = f"{{ trusted = {folder}, machine = {{ environment = {{ 'CHECK_CITY' }} }} }}"
    variables = {"CHECK_CITY": "Oslo", "CHECK_FIRST": json.dumps(first)}
    seen = run("trust", workspace, "prompts/a.md", setup=setup, variables=variables)
    # An empty list is an empty table in Lua.
    assert [list(seen[step]) for step in ("first", "granted", "restarted")] == [first, [], []]
    assert seen["said"].endswith("trusted until Neovim ends. See :help promptls-trust")


def test_settings_take_effect_without_a_restart(tmp_path: Path) -> None:
    seen = run("settings", write(tmp_path, FILES), "prompts/a.md")
    first, second, third = seen["texts"]
    assert first.endswith(" % of 100")
    assert second.endswith(" % of 200")
    assert third.endswith(" tok")
    assert seen["servers"] == 1


def test_options_may_follow_a_late_load(tmp_path: Path) -> None:
    seen = run("late", write(tmp_path, FILES), "prompts/a.md", loaded=False)
    assert seen == {"budget": 50, "hints": False}


def test_files(tmp_path: Path) -> None:
    names = {
        "CLAUDE.md": ("markdown", True),
        "rule.mdc": ("markdown", True),
        ".cursorrules": ("markdown", True),
        "a.prompty": ("prompty", True),
        "a.prompt": ("dotprompt", True),
        "a.prompt.md": ("markdown", True),
        "my prompt.txt": ("text", True),
        "prompts/long.txt": ("text", True),
        "quiet.txt": ("text", False),
        "quiet.lua": ("lua", False),
    }
    workspace = write(tmp_path, dict.fromkeys(names, "# A\n"))
    variables = {"CHECK_FILES": json.dumps(list(names))}
    seen = run("files", workspace, "CLAUDE.md", variables=variables)
    found = {name: (one["filetype"], one["attached"]) for name, one in seen["found"].items()}
    assert found == names
    assert seen["found"]["a.prompty"]["syntax"] == "prompty"
    assert seen["found"]["a.prompt"]["syntax"] == "dotprompt"
    assert seen["by_command"]


def test_help_has_all_its_tags(tmp_path: Path) -> None:
    variables = {"CHECK_COPY": str(tmp_path / "doc")}
    seen = run("help", write(tmp_path, FILES), "prompts/a.md", variables=variables)
    assert seen["topic"] == "promptls.txt"
    assert not seen["unknown_links"]
    commands = {tag for tag in seen["tags"] if tag.startswith(":Promptls-")}
    assert commands == {f":Promptls-{name}" for name in seen["commands"]}
    options = {tag.removeprefix("promptls-option-") for tag in seen["tags"]}
    assert {"cmd", "trusted", "inlay_hints", "settings", "machine", "log_level"} <= options
