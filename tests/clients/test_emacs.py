"""A real editor: hints, findings, the mode line and the commands of promptls.el in Emacs."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import pytest
from tests.clients.emacs import PACKAGE, NotAvailableError, in_terminal
from tests.lsp.editor import environment
from tests.oracles.reference_encodings import reference_count

SCRIPT = PACKAGE / "tests" / "check.el"
LIMIT, WHOLE = 30, 200
"""The budgets of a section and of the document that the script sets."""
LINES = ("# A", "Answer.", "## Kürze 漢字 😀", "Be brief. " * 20)
BRIEF = (*LINES[:3], "Be brief.")
MORE = (*LINES[:2], "## Kürze 漢字漢😀 😀", "Be brief.", "### 😀 more", "word " * 39 + "word")
TYPED = (*MORE, "".join(chr(ord("a") + 7 * number % 26) for number in range(100)))
OVER = "budget/section-exceeded"
NEW = "😀 @file:guide.md @file:later.md @file:../../out.md"
SENT = "😀 Be kind. Later. outside"

Step = dict[str, Any]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Emacs showed after each step of the script."""
    home = tmp_path_factory.mktemp("emacs")
    files = {
        "workspace/prompts/a.md": "\n".join(LINES) + "\n",
        "workspace/prompts/guide.md": "Be kind.\n",
        "out.md": "outside\n",
    }
    for name, text in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, "utf-8")
    (home / "workspace" / ".git").mkdir()
    output, log = home / "seen.json", home / "log"
    variables = {
        **os.environ,
        **environment(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "CHECK_FOLDER": str(home / "workspace"),
        "CHECK_PYTHON": sys.executable,
        "CHECK_OUTPUT": str(output),
        "CHECK_LOG": str(log),
    }
    try:
        in_terminal(SCRIPT, variables)
    except NotAvailableError as error:
        pytest.skip(f"Emacs is not available: {error}")
    assert output.exists(), log.read_text("utf-8", "replace") if log.exists() else "no log"
    answer: dict[str, Any] = json.loads(output.read_text("utf-8"))
    return answer


def step(seen: dict[str, Any], name: str) -> Step:
    (found,) = [step for step in seen["steps"] if step["name"] == name]
    return dict(found)


def tokens(text: str) -> int:
    return reference_count("cl100k_base", text)


def mode_line(sent: str) -> str:
    return f" {tokens(sent)} tok {100 * tokens(sent) // WHOLE} %"


def over_budget(text: str) -> str:
    count = tokens(text)
    return f" {count} tok · {100 * count // LIMIT} % of {LIMIT}"


def test_mode_without_markdown_mode(seen: dict[str, Any]) -> None:
    assert seen["mode"] == "promptls-prompt-mode"


@pytest.mark.parametrize(
    ("name", "lines", "heads"),
    [
        ("opened", LINES, (0, 2)),
        ("cut down", BRIEF, (0, 2)),
        ("more", MORE, (0, 2, 4)),
        ("typed", TYPED, (0, 2, 4)),
    ],
)
def test_editing(
    seen: dict[str, Any], name: str, lines: tuple[str, ...], heads: tuple[int, ...]
) -> None:
    shown = step(seen, name)
    text = "\n".join(lines) + "\n"
    assert (shown["text"], shown["sent"]) == (text, text)  # no key was lost
    sections = {head: "\n".join(lines[head:]) + "\n" for head in heads}
    # Columns count characters: Emacs and the server agree on utf-32.
    assert shown["hints"] == [
        [head, len(lines[head]), over_budget(section)] for head, section in sections.items()
    ]
    assert shown["findings"] == [
        [head, 0, len(lines[head]), "eglot-error", OVER]
        for head, section in sections.items()
        if tokens(section) > LIMIT
    ]
    assert shown["modeLine"] == mode_line(text)


REFERENCES = ((0, 16), (0, 31), (0, 50))
MISSING = [0, 17, 31, "eglot-error", "reference/not-found"]
BLOCKED = [0, 32, 50, "eglot-warning", "reference/blocked"]


@pytest.mark.parametrize(
    ("name", "labels", "findings", "sent"),
    [
        (
            "referring",
            ("3 tok", "not found", "blocked"),
            [MISSING, BLOCKED],
            "😀 Be kind. @file:later.md @file:../../out.md\n",
        ),
        (
            "made",
            ("3 tok", "2 tok", "blocked"),
            [BLOCKED],
            "😀 Be kind. Later. @file:../../out.md\n",
        ),
        ("trusted", ("3 tok", "2 tok", "1 tok"), [], f"{SENT}\n"),
    ],
)
def test_references(
    seen: dict[str, Any],
    name: str,
    labels: tuple[str, ...],
    findings: list[list[object]],
    sent: str,
) -> None:
    shown = step(seen, name)
    assert shown["sent"] == sent
    assert shown["findings"] == findings
    hints = [hint for hint in shown["hints"] if "→" not in hint[2]]
    assert hints == [[*place, f" {label}"] for place, label in zip(REFERENCES, labels, strict=True)]
    assert shown["modeLine"] == mode_line(sent)


@pytest.mark.parametrize(("name", "heading"), [("unfinished", "# End"), ("finished", "# Ending")])
def test_hint_at_the_very_end_stands_once(seen: dict[str, Any], name: str, heading: str) -> None:
    last = [hint for hint in step(seen, name)["hints"] if hint[0] == 1]
    assert last == [[1, len(heading), over_budget(heading)]]


def test_commands(seen: dict[str, Any]) -> None:
    commands = seen["commands"]
    written, sent = tokens(f"{NEW}\n"), tokens(f"{SENT}\n")
    assert commands["rows"] == [
        [f"{written}", f"{sent}", f"{100 * sent // LIMIT} %", "preamble"],
        ["2", "2", "6 %", "Ending"],
        ["3", "3", "", "→ guide.md"],
        ["2", "2", "", "→ later.md"],
        ["1", "1", "", "→ ../../out.md"],
    ]
    assert commands["visited"] == [0, 32]
    whole = f"{SENT}\n# Ending"
    assert commands["rendered"] == [f" {tokens(whole)} tok are sent", whole]
