"""A real editor: Helix, with clients/helix as it stands, shows hints, findings and fixes."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from tests.clients.helix import CONFIGURATION, NotAvailableError, Terminal, helix, in_terminal
from tests.lsp.editor import environment
from tests.oracles.reference_encodings import reference_count

ESCAPE, ENTER = "\x1b", "\r"
FIRST_LINE = "gg"
"""A server that starts slower than Helix's idle timeout is asked for hints after the next key."""
NEW_LINE = f"ox{ESCAPE}"
"""Helix asks for hints again when the text has changed, not when the server says so."""
Open = Callable[[str, str], AbstractContextManager[Terminal]]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    (folder / ".git").mkdir(parents=True)
    (folder / "promptls.toml").write_text("[budget]\nsection = 30\n", "utf-8")
    (folder / "prompts").mkdir()
    (folder / "prompts" / "guide.md").write_text("Be kind.\n", "utf-8")
    return folder


@pytest.fixture
def open_(workspace: Path) -> Open:
    """Opens a file of the workspace, with the text it is to have."""
    try:
        command, variables = helix()
    except NotAvailableError as error:
        pytest.skip(f"Helix is not available: {error}")
    home = workspace.parent
    configuration = Path(environment(home)["XDG_CONFIG_HOME"]) / "helix"
    shutil.copytree(CONFIGURATION, configuration)
    program = home / "bin" / "promptls"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m promptls "$@"\n', "utf-8")
    program.chmod(0o755)
    variables = {
        **os.environ,
        **environment(home),
        **variables,
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
    }

    @contextmanager
    def open_file(name: str, text: str) -> Iterator[Terminal]:
        (workspace / name).write_text(text, "utf-8")
        with in_terminal([*command, name], workspace, variables) as terminal:
            yield terminal

    return open_file


def label(text: str) -> str:
    count = reference_count("cl100k_base", text)
    return f"{count} tok · {100 * count // 30} % of 30"


def type_(terminal: Terminal, keys: str, text: str) -> None:
    """Press keys that lead into insert mode, type a text, and leave the mode."""
    terminal.press(keys + text)
    terminal.wait_for(" INS ")
    terminal.press(ESCAPE)
    terminal.wait_for(" NOR ")  # else the next key would count as pressed with Alt


def test_hints_and_findings_follow_typing(open_: Open, workspace: Path) -> None:
    head, style = "# A\nAnswer.\n\n", "## Kürze 漢字 😀\n"
    long, brief = "Be brief. " * 12 + "\n", "Be brief.\n"
    with open_("prompts/a.md", head + style + long) as terminal:
        hints = (f"# A {label(head + style + long)}", f"😀 {label(style + long)}")
        terminal.nudge(FIRST_LINE, *hints)
        terminal.wait_for("cut ")  # the findings under their lines
        type_(terminal, "4jxc", "Be brief.")
        terminal.wait_for(f"# A {label(head + style + brief)}", f"😀 {label(style + brief)}")
        terminal.wait_without("cut ")
        # In the middle of a line with CJK and emoji.
        type_(terminal, "gg3jf漢a", "漢😀")
        style = "## Kürze 漢漢😀字 😀\n"
        terminal.wait_for(f"# A {label(head + style + brief)}", f"😀 {label(style + brief)}")
        terminal.press(f":write{ENTER}")
        terminal.wait_for("written")
        assert (workspace / "prompts/a.md").read_text("utf-8") == head + style + brief


def test_references_are_mended_and_followed(open_: Open) -> None:
    with open_("prompts/a.md", "# A\n😀 @file:guid.md\n") as terminal:
        terminal.wait_for("There is no file `guid.md`")
        terminal.press("jf: a")
        terminal.wait_for("Change to “guide.md”")
        terminal.press(ENTER)
        terminal.wait_for("😀 @file:guide.md")
        terminal.wait_without("There is no file")
        count = reference_count("cl100k_base", "Be kind.")
        terminal.nudge(NEW_LINE, f"@file:guide.md {count} tok")
        terminal.press("ggjf:gd")
        terminal.wait(lambda lines: "prompts/guide.md" in lines[-2])


@pytest.mark.parametrize("name", ["rules.mdc", "chat.prompt", "chat.prompty"])
def test_other_prompt_files(open_: Open, name: str) -> None:
    text = "# Rules\nBe kind.\n"
    with open_(name, text) as terminal:
        terminal.nudge(FIRST_LINE, f"# Rules {label(text)}")
