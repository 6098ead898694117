"""`make demo`, from its start to its end, with real servers."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

BRIEFING = "prompts/morning-briefing.md"
FETCHED = "│ @api:disruptions  "
NOT_FOUND = "error reference/not-found"
CACHED = r"hover From (?:the cache on disk|memory)"
"""The server looks through its workspace meanwhile; what that found first is in its memory."""


@pytest.fixture(scope="module")
def printed() -> str:
    ended = subprocess.run(
        [sys.executable, "-m", "scripts.demo"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def parts(printed: str) -> dict[str, str]:
    """What was printed under each heading, by what stands before its colon."""
    pieces = re.split(r"\n(?=[\w/.-]+[^\n]*: ?[^\n]*\n)", printed)
    return {piece.lstrip("\n").partition(":")[0]: piece for piece in pieces}


def test_a_section_goes_below_its_budget_and_back(printed: str) -> None:
    whole, cut, back = printed.split("\nCLAUDE.md, ")[:3]
    over = "error budget/section-exceeded"
    assert over in whole
    assert over not in cut
    assert over in back


def test_imports_push_a_document_towards_its_budget(parts: dict[str, str]) -> None:
    importing = parts["CLAUDE.md"]
    assert re.search(r"@AGENTS\.md .*  1,\d{3} tok\n", importing)
    assert re.search(r"# Ferrywell  1,\d{3} tok → 2,\d{3}\n", importing)
    assert "warning budget/document-near" in importing
    assert "@~/.claude/ferrywell.md  blocked\n" in importing
    assert "warning reference/blocked" in importing


def test_a_reference_waits_for_its_source_and_resolves(parts: dict[str, str]) -> None:
    waiting = parts[f"{BRIEFING}, while @api"]
    assert f"{FETCHED}⋯\n" in waiting
    assert "#L5-L9  101 tok\n" in waiting, "the others do not wait for it"
    assert re.search(FETCHED + r"\d+ tok\n", parts[BRIEFING])


def test_a_path_that_names_nothing_is_mended(parts: dict[str, str]) -> None:
    assert "@file:docs/handbook/cancelations.md  not found\n" in parts[BRIEFING]
    assert NOT_FOUND in parts[BRIEFING]
    (mended,) = [text for heading, text in parts.items() if "quick fix" in heading]
    assert NOT_FOUND not in mended
    assert re.search(r"@file:docs/handbook/cancellations\.md  \d+ tok\n", mended)


def test_a_second_server_takes_everything_from_the_cache(printed: str) -> None:
    second = printed.partition(", a second server on the same cache:")[2]
    assert re.search(FETCHED + r"\d+ tok\n.*\n.*" + CACHED + r" · read \d+ s ago", second)
    files = re.findall(r"@(?!~)[\w./:-]+\.md(?!#).* tok\b.*\n.*\n.*" + CACHED, second)
    assert len(files) == 4
    assert re.search(r"\{file:docs/passenger-rules\.md\}  218 tok\n.*\n.*" + CACHED, second)
    assert re.search(r"\nThe second server: [1-9]\d* found in the database, ", second)
    assert "\nRequests to the API by both servers: 1\n" in second


def test_nothing_steers_the_terminal(printed: str) -> None:
    assert "\x1b" not in printed
