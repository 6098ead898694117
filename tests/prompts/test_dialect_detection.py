from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from promptls.prompts.dialects import (
    DIALECTS,
    claimed_by_name,
    detect,
    is_prompt_document,
    is_prompt_path,
)

ROOT = PurePosixPath("/home/me/project")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("CLAUDE.md", "claude"),
        ("claude.MD", "claude"),
        ("sub/CLAUDE.local.md", "claude"),
        (".claude/commands/gsd/plan.md", "claude"),
        (".claude/settings.json", None),
        (".claude/skills/pdf/SKILL.md", "skill"),
        (".claude/AGENTS.md", "agents"),
        ("skills/pdf/SKILL.md", "skill"),
        ("AGENTS.md", "agents"),
        ("GEMINI.md", "gemini"),
        (".github/copilot-instructions.md", "copilot"),
        (".github/prompts/plan.prompt.md", "copilot"),
        ("docs/python.instructions.md", "copilot"),
        ("docs/old.chatmode.md", "copilot"),
        ("docs/new.agent.md", "copilot"),
        (".github/agents/reviewer.md", "copilot"),
        (".github/workflows/readme.md", None),
        (".cursor/rules/style.mdc", "cursor"),
        (".cursor/commands/ship.md", "cursor"),
        (".cursorrules", "cursor"),
        (".continue/prompts/test.prompt", "continue"),
        (".continue/rules/style.md", "continue"),
        (".continue/config.md", None),
        ("prompts/greeting.prompt", "dotprompt"),
        ("chat.prompty", "prompty"),
        ("README.md", None),
        ("prompts/plain.md", None),
        ("myclaude.md", None),
        ("not.claude/x.md", None),
    ],
)
def test_claimed_by_name(path: str, expected: str | None) -> None:
    dialect = claimed_by_name(ROOT / path, ROOT)
    assert (dialect.name if dialect else None) == expected


def test_folders_above_the_workspace_do_not_claim() -> None:
    worktree = PurePosixPath("/home/me/project/.claude/worktrees/fix")
    assert claimed_by_name(worktree / "docs/x.md", worktree) is None
    assert claimed_by_name(worktree / "docs/x.md") is DIALECTS["claude"]


def test_a_workspace_that_is_a_tools_folder_claims() -> None:
    root = PurePosixPath("/home/me/.claude")
    assert claimed_by_name(root / "commands/x.md", root) is DIALECTS["claude"]
    assert claimed_by_name(root, root) is None


def test_windows_paths_are_compared_alike() -> None:
    path = PureWindowsPath("C:\\w\\.Claude\\commands\\X.MD")
    assert claimed_by_name(path, PureWindowsPath("c:\\w")) is DIALECTS["claude"]


@pytest.mark.parametrize(
    ("path", "language_id", "configured", "expected"),
    [
        ("CLAUDE.md", "markdown", None, "claude"),
        ("CLAUDE.md", "markdown", "gemini", "gemini"),
        ("CLAUDE.md", "markdown", " Gemini ", "gemini"),
        ("CLAUDE.md", "markdown", "klingon", "claude"),
        ("x.prompt", "prompt", None, "dotprompt"),
        ("x.md", "prompt", None, "copilot"),
        ("x.md", "chatagent", None, "copilot"),
        ("x.md", "markdown", None, "markdown"),
        (None, "skill", None, "skill"),
        (None, "prompty", None, "prompty"),
        (None, "python", None, "markdown"),
        (None, None, None, "markdown"),
    ],
)
def test_detect(
    path: str | None, language_id: str | None, configured: str | None, expected: str
) -> None:
    where = None if path is None else ROOT / path
    assert detect(where, language_id, configured, ROOT).name == expected


@pytest.mark.parametrize(
    ("name", "role_lines", "role_helpers"),
    [
        ("markdown", True, True),
        ("claude", False, False),
        ("agents", False, False),
        ("skill", False, False),
        ("copilot", False, False),
        ("gemini", False, False),
        ("cursor", False, False),
        ("continue", True, False),
        ("prompty", True, False),
        ("dotprompt", True, True),
    ],
)
def test_role_forms(name: str, role_lines: bool, role_helpers: bool) -> None:
    assert (DIALECTS[name].role_lines, DIALECTS[name].role_helpers) == (role_lines, role_helpers)


def test_what_claims_is_in_lower_case() -> None:
    for dialect in DIALECTS.values():
        folders = [part for folder, suffixes in dialect.folders for part in (folder, *suffixes)]
        for text in (*dialect.file_names, *folders, *dialect.suffixes, *dialect.language_ids):
            assert text == text.lower()


@pytest.mark.parametrize(
    ("path", "language_id", "expected"),
    [
        ("CLAUDE.md", "markdown", True),
        ("README.md", "markdown", False),
        ("docs/system-PROMPT.md", "markdown", True),
        ("prompts/summarize.md", "markdown", True),
        ("Prompts/summarize.markdown", None, True),
        ("prompts/summarize.txt", "plaintext", True),
        ("prompts/summarize", "plaintext", True),
        ("prompts/rows.csv", "plaintext", False),
        ("prompts/load.py", "python", False),
        ("agents/planner.md", "markdown", True),
        ("skills/pdf/reference.md", "markdown", True),
        (".github/prompts/notes.md", "markdown", True),
        ("github/prompts.md", "markdown", True),
        (".github/workflows/notes.md", "markdown", False),
        ("my-prompts/x.md", "markdown", False),
        ("prompt.py", "python", False),
        (None, "markdown", False),
        (None, "prompt", True),
        (None, "plaintext", False),
    ],
)
def test_is_prompt_document(path: str | None, language_id: str | None, expected: bool) -> None:
    where = None if path is None else ROOT / path
    assert is_prompt_document(where, ROOT, language_id) is expected


def test_the_folder_of_the_workspace_itself_does_not_count() -> None:
    root = PurePosixPath("/home/me/agents")
    assert not is_prompt_document(root / "README.md", root, "markdown")


def test_directives_rules_and_the_markdown_setting_show_more() -> None:
    readme, code = ROOT / "README.md", ROOT / "x.py"
    assert is_prompt_document(readme, ROOT, "markdown", has_directive=True)
    assert is_prompt_document(readme, ROOT, "markdown", configured=True)
    assert is_prompt_document(readme, ROOT, "markdown", markdown="all")
    assert is_prompt_document(None, ROOT, "markdown", markdown="all")
    assert is_prompt_document(code, ROOT, "python", configured=True)
    assert not is_prompt_document(code, ROOT, "python", markdown="all")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.md", True),
        ("a.MARKDOWN", True),
        ("a.txt", True),
        ("a.prompt", True),
        ("a.prompty", True),
        ("a.mdc", True),
        (".cursorrules", True),
        ("a.py", False),
        (".claude/settings.json", False),
        ("md", False),
    ],
)
def test_is_prompt_path(path: str, expected: bool) -> None:
    assert is_prompt_path(ROOT / path, ROOT) is expected
