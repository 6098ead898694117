"""The reference implementation of LSP text synchronisation: vscode-languageserver-textdocument.

It comes from npm, runs in a node process of its own and knows utf-16 positions only. What is
installed (in `.cache/textdocument` of the checkout) is pinned by `textdocument/package-lock.json`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypedDict

_SOURCE = Path(__file__).parent / "textdocument"
_INSTALLED = Path(__file__).parents[2] / ".cache" / "textdocument"
_INSTALL_SECONDS = 120


class NotAvailableError(Exception):
    """The reference cannot run here; the message says why."""


class Position(TypedDict):
    line: int
    character: int


class Range(TypedDict):
    start: Position
    end: Position


class ContentChange(TypedDict, total=False):
    range: Range
    text: str


def install() -> Path:
    """Install the package if need be; returns its `node_modules`. Raises NotAvailableError."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise NotAvailableError("node and npm are needed and are not on the PATH")
    modules = _INSTALLED / "node_modules"
    lock = (_SOURCE / "package-lock.json").read_bytes()
    copied_lock = _INSTALLED / "package-lock.json"
    installed = modules / "vscode-languageserver-textdocument" / "package.json"
    if installed.is_file() and copied_lock.is_file() and copied_lock.read_bytes() == lock:
        return modules
    _INSTALLED.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(_SOURCE / name, _INSTALLED / name)
    try:
        subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            cwd=_INSTALLED,
            check=True,
            capture_output=True,
            timeout=_INSTALL_SECONDS,
        )
    except subprocess.CalledProcessError as error:
        copied_lock.unlink()
        said = error.stderr.decode(errors="replace").splitlines()
        reason = next((line for line in said if line.startswith("npm error")), str(error))
        raise NotAvailableError(f"npm ci failed: {reason}") from error
    except subprocess.TimeoutExpired as error:
        copied_lock.unlink()
        raise NotAvailableError(f"npm ci took longer than {_INSTALL_SECONDS} s") from error
    return modules


class ReferenceTextDocument:
    """One document at a time, kept by the reference implementation."""

    def __init__(self) -> None:
        environment = {**os.environ, "NODE_PATH": str(install())}
        self._process = subprocess.Popen(
            ["node", str(_SOURCE / "serve.cjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def open(self, text: str) -> str:
        """Begin with a text; returns it as the reference holds it."""
        return self._ask({"open": text})

    def change(self, changes: Sequence[ContentChange]) -> str:
        """Apply the changes of one `didChange` in order; returns the text."""
        return self._ask({"changes": changes})

    def _ask(self, request: object) -> str:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the node process has no pipes")
        # ASCII on the way there: node's readline also ends lines at U+2028.
        stdin.write(json.dumps(request).encode("ascii") + b"\n")
        stdin.flush()
        line = stdout.readline()
        if not line:
            raise RuntimeError(f"the node process ended: {self._process.wait()}")
        text: str = json.loads(line)
        return text
