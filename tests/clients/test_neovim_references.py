"""A real editor: findings about references come, and go when they are mended, wherever that is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.clients.neovim import NotAvailableError, neovim
from tests.clients.neovim_plugin import PLUGIN
from tests.lsp.editor import environment

SCRIPT = Path(__file__).with_name("references.lua")
FILES = {
    "prompts/p.md": "@file:../new.md\n@file:../ring/one.md\n@file:../../../out.md\n@var:name\n"
    "@file:../ring/inner.md\n",
    "ring/one.md": "@file:two.md\n",
    "ring/two.md": "@file:one.md\n",
    "ring/inner.md": "see @file:none.md\n",
}


@pytest.mark.parametrize(("mode", "count"), [("pull", 2), ("push", 10), (str(PLUGIN), 10)])
def test_findings_come_and_go(tmp_path: Path, mode: str, count: int) -> None:
    try:
        program = neovim()
    except NotAvailableError as error:
        pytest.skip(f"Neovim is not available: {error}")
    workspace = tmp_path / "workspace"
    for name, text in FILES.items():
        (workspace / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace / name).write_text(text, "utf-8")
    (workspace / ".git").mkdir()
    command: list[str | Path] = [
        *(program, "--clean", "--headless", "-l"),
        *(SCRIPT, sys.executable, workspace / "prompts" / "p.md", mode),
    ]
    variables = {**os.environ, **environment(tmp_path)}
    done = subprocess.run(command, capture_output=True, env=variables, timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    steps = json.loads(done.stdout)
    assert [(step["name"], step["shown"]) for step in steps] == [
        (step["name"], step["wanted"]) for step in steps
    ]
    assert len(steps) == count
