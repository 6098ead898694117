"""The Neovim plugin: functions that need no server, called with data."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from tests.clients.neovim_plugin import PLUGIN, available

from promptls.prompts.dialects import DIALECTS, is_prompt_document

SCRIPT = Path(__file__).parent / "nvim" / "modules.lua"
ROOT = "/home/prompts/repository"


def report(tokens: int | None, expanded: int | None, **more: object) -> dict[str, object]:
    return {"tokens": tokens, "expandedTokens": expanded, **more}


FIGURES: list[tuple[str, list[object], str]] = [
    ("number", [0], "0"),
    ("number", [999], "999"),
    ("number", [1000], "1,000"),
    ("number", [123456], "123,456"),
    ("number", [1234567], "1,234,567"),
    ("tokens", [None], "counting…"),
    ("tokens", [1204], "1,204 tok"),
    ("sent", [None, None], "counting…"),
    ("sent", [1234, 1234], "1,234 tok"),
    ("sent", [1234, None], "1,234 tok → ⋯"),
    ("sent", [1234, 5678], "1,234 tok → 5,678"),
    ("share", [None], ""),
    ("share", [{"limit": 2000, "used": 1999}], " · 99 % of 2,000"),
    ("share", [{"limit": 2000, "used": 2060}], " · 103 % of 2,000"),
    ("document", [report(None, None)], "counting…"),
    ("document", [report(10, 10, estimate={"likely": 1480})], "≈1,480 tok"),
    ("document", [report(10, None, estimate={"likely": 12})], "10 tok → ⋯"),
    (
        "document",
        [report(10, 20, budget={"limit": 40, "used": 20})],
        "10 tok → 20 · 50 % of 40",
    ),
    ("bar", [0], " " * 10),
    ("bar", [0.5], "█████     "),
    ("bar", [0.0625], "▋         "),
    ("bar", [7], "█" * 10),
]

SEGMENTS: list[tuple[list[str], list[int], list[tuple[int, int]]]] = [
    ([""], [], []),
    ([""], [0], [(0, 0)]),
    (["one", "two"], [0, 2, 4, 6], [(0, 0), (0, 2), (1, 0), (1, 2)]),
    (["one", "two"], [3, 7], [(0, 3), (1, 3)]),
    (["漢字 😀!", "", "ü."], [1, 4, 5, 6, 8], [(0, 3), (0, 11), (0, 12), (1, 0), (2, 2)]),
]

TEXTS = (
    "a.txt",
    "prompt.txt",
    "My PROMPTS.txt",
    "prompts/a.txt",
    "x/Agents/y/a.txt",
    "x/agents.txt",
    "commands/a.text",
    ".claude/a.txt",
    ".github/a.txt",
    ".github/prompts/a.txt",
    "x/.cursor/rules/a.txt",
    "skillset/a.txt",
)

WRONG: list[tuple[dict[str, object], str]] = [
    ({"hints": True}, "promptls: there is no option `hints`; see :help promptls-options"),
    ({"cmd": "promptls"}, "promptls: the option `cmd` must be a list of strings"),
    ({"cmd": []}, "promptls: the option `cmd` must be a list of strings"),
    (
        {"trusted": "~/work"},
        "promptls: the option `trusted` must be true, false or a list of folders",
    ),
    ({"inlay_hints": 1}, "promptls: the option `inlay_hints` must be true or false"),
    (
        {"log_level": "trace"},
        "promptls: the option `log_level` must be one of debug, info, warning, error",
    ),
]


def names_of_dialects() -> list[str]:
    """A file of every name, folder and suffix by which a dialect claims one."""
    names: list[str] = []
    for dialect in DIALECTS.values():
        names += dialect.file_names
        names += [f"a{suffix}" for suffix in dialect.suffixes]
        names += [f"{folder}/a{end}" for folder, ends in dialect.folders for end in ends]
    return sorted(names)


def called(tmp_path: Path, calls: list[tuple[str, str, list[Any]]]) -> list[dict[str, Any]]:
    """What each of (module, function, arguments) gives in Neovim."""
    asked = [
        {"module": module, "name": name, "arguments": arguments, "number": len(arguments)}
        for module, name, arguments in calls
    ]
    file = tmp_path / "calls.json"
    file.write_text(json.dumps(asked), "utf-8")
    command: list[str | Path] = [available(), "--clean", "--headless", "-l", SCRIPT, PLUGIN, file]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    results: list[dict[str, Any]] = json.loads(done.stdout)
    return results


def results_of(tmp_path: Path, calls: list[tuple[str, str, list[Any]]]) -> list[Any]:
    return [one["result"] if one["ok"] else one for one in called(tmp_path, calls)]


def test_figures(tmp_path: Path) -> None:
    calls = [("promptls.figures", name, arguments) for name, arguments, _ in FIGURES]
    assert results_of(tmp_path, calls) == [expected for *_, expected in FIGURES]


def test_segments_are_placed_in_lines(tmp_path: Path) -> None:
    calls = [
        ("promptls.segments", "place", [lines, [{"start": start} for start in starts]])
        for lines, starts, _ in SEGMENTS
    ]
    placed = [
        [(one["line"], one["column"]) for one in result] for result in results_of(tmp_path, calls)
    ]
    assert placed == [expected for *_, expected in SEGMENTS]


def test_text_files_are_prompts_by_the_rule_of_the_server(tmp_path: Path) -> None:
    paths = [f"{ROOT}/{name}" for name in TEXTS]
    calls = [("promptls.filetypes", "is_prompt_text", [path, ROOT]) for path in paths]
    root = PurePosixPath(ROOT)
    rule = [is_prompt_document(PurePosixPath(path), root, "text") for path in paths]
    assert results_of(tmp_path, calls) == rule
    assert set(rule) == {True, False}


def test_every_file_that_a_dialect_claims_has_a_filetype_of_the_plugin(tmp_path: Path) -> None:
    names = names_of_dialects()
    found = results_of(tmp_path, [("vim.filetype", "match", [{"filename": n}]) for n in names])
    unknown = [
        name
        for name, filetype in zip(names, found, strict=True)
        if filetype not in ("markdown", "prompty", "dotprompt")
    ]
    assert len(names) > 15
    assert unknown == []


@pytest.mark.parametrize(("options", "message"), WRONG)
def test_wrong_options_are_errors(tmp_path: Path, options: dict[str, object], message: str) -> None:
    first, second = called(
        tmp_path, [("promptls", "setup", [options]), ("promptls.options", "get", [])]
    )
    assert first == {"ok": False, "result": message}
    assert second["result"] == {"trusted": False, "inlay_hints": True, "log_level": "warning"}
