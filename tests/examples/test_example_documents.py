"""The example prompts are what the demo and the readme say of them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DOCUMENTS = sorted(
    path.relative_to(EXAMPLES).as_posix()
    for path in EXAMPLES.rglob("*")
    if path.suffix in {".md", ".prompty"}
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
        "prompts/release-notes.prompt.md",
        "skills/incident-report/SKILL.md",
        "support-triage.prompty",
    ]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_are_of_realistic_length_and_clean(name: str) -> None:
    lines = text_of(name).split("\n")
    assert 60 <= len(lines) <= 300
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
