"""A real editor: hints, pulled diagnostics and utf-8 positions in Neovim."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.clients.neovim import NotAvailableError, neovim
from tests.lsp.editor import environment
from tests.oracles.reference_encodings import reference_count

SCRIPT = Path(__file__).with_name("check.lua")
LINES = ("# A", "Answer.", "## Kürze 漢字 😀", "Be brief. " * 20)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Neovim showed after each step of the script."""
    try:
        program = neovim()
    except NotAvailableError as error:
        pytest.skip(f"Neovim is not available: {error}")
    home = tmp_path_factory.mktemp("neovim")
    prompt = home / "workspace" / "prompts" / "a.md"
    prompt.parent.mkdir(parents=True)
    prompt.write_text("\n".join(LINES) + "\n", "utf-8")
    command: list[str | Path] = [
        program,
        "--clean",
        "--headless",
        "-l",
        SCRIPT,
        sys.executable,
        prompt,
    ]
    variables = {**os.environ, **environment(home)}
    done = subprocess.run(command, capture_output=True, env=variables, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def labels(lines: tuple[str, ...], *heads: int) -> list[list[object]]:
    """[line, column in utf-8, label] of sections that begin at `heads` and end with the text."""
    hints: list[list[object]] = []
    for head in heads:
        tokens = reference_count("cl100k_base", "\n".join(lines[head:]) + "\n")
        share = 100 * tokens // 30
        hints.append([head, len(lines[head].encode()), f"{tokens} tok · {share} % of 30"])
    return hints


def test_utf8_and_pull_are_agreed_on(seen: dict[str, Any]) -> None:
    assert (seen["encoding"], seen["pull"]) == ("utf-8", True)


def test_hints(seen: dict[str, Any]) -> None:
    brief = (*LINES[:3], "Be brief.")
    changed = "## Kürze 漢字 😀".encode()
    changed = changed[:8] + "漢".encode() + changed[8:]
    more = (*LINES[:2], changed.decode(), "Be brief.", "### 😀 more", "word " * 40)
    assert [step["hints"] for step in seen["steps"]] == [
        labels(LINES, 0, 2),
        labels(brief, 0, 2),
        labels(more, 0, 2, 4),
        labels(("",), 0),
    ]


def test_diagnostics(seen: dict[str, Any]) -> None:
    over = "budget/section-exceeded"
    places = [
        [(line, start, code) for line, start, _, code in step["diagnostics"]]
        for step in seen["steps"]
    ]
    assert places == [
        [(0, 0, over), (2, 0, over)],
        [],
        [(0, 0, over), (2, 0, over), (4, 0, over)],
        [],
    ]
    ends = [end for _, _, end, _ in seen["steps"][0]["diagnostics"]]
    assert ends == [len(LINES[0].encode()), len(LINES[2].encode())]
