"""The example prompts are what the demo and the readme say of them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DOCUMENTS = sorted(
    path.relative_to(EXAMPLES).as_posix()
    for path in EXAMPLES.rglob("*")
    if path.suffix in {".md", ".prompty"} and not path.is_relative_to(EXAMPLES / "docs")
)
BROUGHT_IN = sorted(
    path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("docs/**/*.md")
)
SETTINGS = tomllib.loads((EXAMPLES / "promptls.toml").read_text(encoding="utf-8"))
BLOCK_TAG = re.compile(r"^<(/?)([a-z]+)>$", re.MULTILINE)


def text_of(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


def test_the_documents_are_there() -> None:
    assert DOCUMENTS == [
        "AGENTS.md",
        "CLAUDE.md",
        "agents/code-reviewer.md",
        "prompts/morning-briefing.md",
        "prompts/release-notes.prompt.md",
        "skills/incident-report/SKILL.md",
        "support-triage.prompty",
    ]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_are_of_realistic_length(name: str) -> None:
    assert 60 <= len(text_of(name).split("\n")) <= 300


@pytest.mark.parametrize("name", [*DOCUMENTS, *BROUGHT_IN])
def test_texts_are_clean(name: str) -> None:
    lines = text_of(name).split("\n")
    assert lines[-1] == ""
    assert not any(line != line.rstrip() or "\t" in line for line in lines)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_fences_and_block_tags_are_closed(name: str) -> None:
    fences = [line for line in text_of(name).split("\n") if line.startswith("```")]
    assert len(fences) % 2 == 0
    open_tags: list[str] = []
    for closing, tag in BLOCK_TAG.findall(text_of(name)):
        if closing:
            assert open_tags.pop() == tag
        else:
            open_tags.append(tag)
    assert open_tags == []


@pytest.mark.parametrize("rule", SETTINGS["files"], ids=lambda rule: rule["glob"])
def test_every_rule_is_for_a_document(rule: dict[str, object]) -> None:
    assert list(EXAMPLES.glob(str(rule["glob"])))


def test_a_document_is_written_in_more_than_one_script() -> None:
    assert re.search(r"[\u4e00-\u9fff]", text_of("support-triage.prompty"))
    assert "🧤" in text_of("CLAUDE.md")


def test_whatever_is_brought_in_is_there_but_for_what_the_demo_shows() -> None:
    """Untrusted, as `promptls check examples` runs: the API is not asked."""
    command = [sys.executable, "-m", "promptls", "count", str(EXAMPLES), "--format", "json"]
    ended = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=60)
    unresolved = {
        (reference["target"], reference["status"], reference["code"])
        for document in json.loads(ended.stdout)["documents"]
        for reference in document["references"]
        if reference["status"] != "resolved"
    }
    assert unresolved == {
        ("~/.claude/ferrywell.md", "blocked", "reference/blocked"),
        ("disruptions", "blocked", "reference/blocked"),
        ("docs/handbook/cancelations.md", "failed", "reference/not-found"),
        ("version", "deferred", None),
    }


def test_imports_are_most_of_what_the_memory_file_costs() -> None:
    command = [sys.executable, "-m", "promptls", "count", str(EXAMPLES / "CLAUDE.md")]
    ended = subprocess.run(
        [*command, "--format", "json"], capture_output=True, encoding="utf-8", check=True
    )
    (document,) = json.loads(ended.stdout)["documents"]
    budget = document["budget"]
    assert document["tokens"] < 0.5 * budget["limit"]
    assert 0.8 * budget["limit"] <= document["expandedTokens"] == budget["used"] < budget["limit"]
