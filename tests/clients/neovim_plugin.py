"""The plugin of `clients/neovim` in a Neovim of its own, driven by a script in `nvim/`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.clients.neovim import NotAvailableError, neovim
from tests.lsp.editor import environment

PLUGIN = Path(__file__).parents[2] / "clients" / "neovim"
_SCRIPTS = Path(__file__).with_name("nvim")
_WITHIN = 180


def available() -> Path:
    """The program; skips the test where there is none."""
    try:
        return neovim()
    except NotAvailableError as error:
        pytest.skip(f"Neovim is not available: {error}")


def write(home: Path, files: Mapping[str, str]) -> Path:
    """Make a workspace of these files; gives its folder."""
    workspace = Path(os.path.realpath(home)) / "workspace"
    (workspace / ".git").mkdir(parents=True)
    for name, text in files.items():
        path = workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return workspace


def run(
    script: str,
    workspace: Path,
    opened: str,
    *,
    setup: str = "",
    loaded: bool = True,
    server_on_path: bool = True,
    variables: Mapping[str, str] | None = None,
) -> Any:  # noqa: ANN401 - whatever the script gives
    """Start Neovim in `workspace` with a file opened; gives the answer of the script.

    `setup` is the table given to `require('promptls').setup`, in Lua; without one it is not called.
    `loaded` says whether the plugin is on the runtime path at the start.
    """
    program = available()
    home = workspace.parent
    answer = home / "answer.json"
    answer.unlink(missing_ok=True)
    before = [f"luafile {_SCRIPTS / 'harness.lua'}"]
    if loaded:
        before.append(f"set runtimepath^={PLUGIN}")
    if setup:
        before.append(f"lua require('promptls').setup({setup})")
    command: list[str | Path] = [program, "--clean", "--headless", "-i", "NONE", "-n"]
    for line in before:
        command += ["--cmd", line]
    scripts = str(Path(sys.executable).parent)
    path = os.environ["PATH"].split(os.pathsep)
    path = [scripts, *path] if server_on_path else ["/usr/bin", "/bin"]
    done = subprocess.run(
        [*command, opened],
        capture_output=True,
        cwd=workspace,
        env={
            **os.environ,
            **environment(home),
            "PATH": os.pathsep.join(path),
            "CHECK_SCRIPT": str(_SCRIPTS / f"{script}.lua"),
            "CHECK_ANSWER": str(answer),
            "CHECK_PYTHON": sys.executable,
            "CHECK_PLUGIN": str(PLUGIN),
            **(variables or {}),
        },
        timeout=_WITHIN,
        check=False,
    )
    assert answer.is_file(), done.stderr.decode(errors="replace")
    told = json.loads(answer.read_text("utf-8"))
    assert "error" not in told, told["error"]
    return told["answer"]
