"""Emacs for tests: the one that is installed, if it is new enough."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "clients" / "emacs"
OLDEST = 30
"""The oldest version that is tested; Emacs 29 comes with an Eglot that is too old."""
_SCREEN = "stty rows 40 cols 100"


class NotAvailableError(Exception):
    """Emacs cannot run here; the message says why."""


def emacs() -> str:
    """The program. Raises NotAvailableError."""
    program = shutil.which("emacs")
    if program is None:
        raise NotAvailableError("there is no emacs on the PATH")
    try:
        done = subprocess.run([program, "--version"], check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        raise NotAvailableError(f"emacs does not run: {error}") from error
    version = re.match(rb"GNU Emacs (\d+)", done.stdout)
    if version is None or int(version[1]) < OLDEST:
        raise NotAvailableError(f"{program} is older than Emacs {OLDEST}")
    return program


def batch(*arguments: str | Path, folder: Path, timeout: float = 120) -> str:
    """Run Emacs without a terminal in `folder`; gives what it printed."""
    command = [emacs(), "-Q", "--batch", "-L", folder, *arguments]
    done = subprocess.run(command, capture_output=True, cwd=folder, timeout=timeout, check=False)
    output = (done.stdout + done.stderr).decode(errors="replace")
    assert done.returncode == 0, output
    return output


def in_terminal(script: Path, variables: Mapping[str, str], timeout: float = 400) -> None:
    """Run a script that ends Emacs itself, in a terminal of 100 columns and 40 lines.

    Raises NotAvailableError where there is no terminal to be had.
    """
    terminal = shutil.which("script")
    if terminal is None:
        raise NotAvailableError("there is no script(1) on the PATH, which makes the terminal")
    command = shlex.join([emacs(), "-nw", "-Q", "-L", str(PACKAGE), "-l", str(script)])
    # Its input stays open, and silent: at the end of it, Emacs would read a key.
    process = subprocess.Popen(
        [terminal, "-qec", f"{_SCREEN}; exec {command}", "/dev/null"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(variables),
    )
    with process:
        try:
            process.wait(timeout)
        finally:
            process.kill()
