"""promptls.el compiles without a warning, is documented, and knows which files are prompts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.clients.emacs import PACKAGE, NotAvailableError, batch, emacs

CHECKDOC = '(dolist (name (list %s)) (checkdoc-file (expand-file-name name "%s")))'


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package, since compiling writes beside the sources."""
    try:
        emacs()
    except NotAvailableError as error:
        pytest.skip(f"Emacs is not available: {error}")
    folder = tmp_path_factory.mktemp("package")
    for source in (*PACKAGE.glob("*.el"), *PACKAGE.glob("tests/*.el")):
        shutil.copy(source, folder)
    return folder


def test_compiles_without_warnings(copy: Path) -> None:
    names = sorted(path.name for path in copy.glob("*.el"))
    strict = "(setq byte-compile-error-on-warn t)"
    assert "Warning" not in batch("--eval", strict, "-f", "batch-byte-compile", *names, folder=copy)


def test_documentation_is_in_style(copy: Path) -> None:
    names = " ".join(json.dumps(path.name) for path in sorted(copy.glob("*.el")))
    output = batch("-l", "checkdoc", "--eval", CHECKDOC % (names, copy), folder=copy)
    assert output == ""


@pytest.mark.parametrize(
    ("name", "starts"),
    [
        ("/w/CLAUDE.md", True),
        ("/w/sub/AGENTS.md", True),
        ("/w/.claude/skills/x/SKILL.md", True),
        ("/w/.github/copilot-instructions.md", True),
        ("/w/review.prompt.md", True),
        ("/w/x.prompty", True),
        ("/w/x.prompt", True),
        ("/w/.cursor/rules/x.mdc", True),
        ("/w/.cursorrules", True),
        ("/w/prompts/deep/note.md", True),
        ("/w/my-prompt.txt", True),
        ("/w/README.md", False),
        ("/w/notes.txt", False),
        ("/w/prompts/build.py", False),
        ("/w/prompt.py", False),
    ],
)
def test_which_files_start_the_server(copy: Path, name: str, starts: bool) -> None:
    matched = "(let ((case-fold-search t)) (string-match-p promptls-file-regexp %s))"
    form = f"(princ (if {matched % json.dumps(name)} 1 0))"
    assert batch("-l", "promptls", "--eval", form, folder=copy) == str(int(starts))


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0"), (999, "999"), (1000, "1,000"), (12345678, "12,345,678")]
)
def test_grouped_numbers(copy: Path, number: int, text: str) -> None:
    form = f"(princ (promptls--grouped {number}))"
    assert batch("-l", "promptls", "--eval", form, folder=copy) == text
