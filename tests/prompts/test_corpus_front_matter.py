from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from promptls.prompts.dialects import detect, is_prompt_path
from promptls.prompts.front_matter import parse_front_matter

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="no ../shared/corpus here")


def documents() -> list[Path]:
    return sorted(path for path in CORPUS.rglob("*") if path.is_file() and is_prompt_path(path))


def blocks() -> Iterator[tuple[str, list[str]]]:
    for path in documents():
        lines = path.read_text("utf-8").split("\n")
        if lines[0].rstrip() == "---" and "---" in (rest := [x.rstrip() for x in lines[1:]]):
            yield path.relative_to(CORPUS).as_posix(), lines[: rest.index("---") + 2]


def test_every_block_says_what_yaml_says() -> None:
    refused = []
    for name, lines in blocks():
        front_matter = parse_front_matter(lines)
        if front_matter.findings:
            refused.append((name, [finding.code for finding in front_matter.findings]))
            continue
        loaded = yaml.safe_load("\n".join(lines[1:-1])) or {}
        expected = {"model": loaded["model"]} if "model" in loaded else {}
        assert front_matter.settings == expected, name
    assert refused == [("dotprompt/examples/error-invalid-yaml.prompt", ["front-matter/invalid"])]


def test_the_model_is_read_from_the_block_that_yaml_refuses() -> None:
    lines = dict(blocks())["dotprompt/examples/error-invalid-yaml.prompt"]
    front_matter = parse_front_matter(lines)
    assert front_matter.settings == {"model": "gemini-2.5-flash"}
    assert front_matter.findings[0].range.start.line == lines.index("    name: string")


def test_dialects() -> None:
    by_suffix = {
        ".prompty": "prompty",
        ".prompt": "dotprompt",
        ".prompt.md": "copilot",
        ".instructions.md": "copilot",
        "copilot-instructions.md": "copilot",
    }
    for path in documents():
        name = path.relative_to(CORPUS).as_posix()
        expected = next((d for s, d in by_suffix.items() if name.endswith(s)), "markdown")
        assert detect(path, "markdown", root=CORPUS).name == expected, name
