from __future__ import annotations

import json
import re
from typing import Any

import pytest
from tests.cli.scripting import Run, write

from promptls.findings import CATALOGUE

OVER = "---\npromptls:\n  budget: 2\n---\n# A title\n\nFar too long.\n"
NEAR = "---\npromptls:\n  budget: 5\n---\nOne two three\n\n\n"
CLEAN = "Nothing to say.\n"


@pytest.mark.parametrize(
    ("content", "fail_on", "code"),
    [
        (CLEAN, "hint", 0),
        (NEAR, None, 0),
        (NEAR, "error", 0),
        (NEAR, "warning", 1),
        (NEAR, "information", 1),
        (OVER, None, 1),
        (OVER, "hint", 1),
    ],
)
def test_exit_code(run: Run, content: str, fail_on: str | None, code: int) -> None:
    write("a.md", content)
    options = ("--fail-on", fail_on) if fail_on else ()
    assert run("check", *options, "a.md").code == code


def test_text(run: Run) -> None:
    write("b.md", CLEAN)
    write("a.md", OVER)
    result = run("check", "a.md", "b.md")
    lines = result.out.splitlines()
    assert re.match(r"a\.md:3:3: error\[budget/document-exceeded\] The document: ", lines[0])
    assert lines[1].startswith("    a.md:5:1: A title: ")
    assert lines[-1] == "1 error in 2 documents"
    assert result.err == ""
    assert run("check", "b.md").out == "no findings in 1 document\n"


def test_of_folders_prompt_documents_are_checked(run: Run) -> None:
    for name in ("CLAUDE.md", "prompts/a.md", "README.md", "notes.txt"):
        write(name, OVER)
    write("directed.md", f"<!-- promptls: budget=1 -->\n\n{CLEAN}")
    write("about.md", "Write `<!-- promptls: budget=1 -->` into the document.\n")
    findings = run("check", "--format", "json", ".").json()["findings"]
    assert {one["uri"] for one in findings} == {"CLAUDE.md", "directed.md", "prompts/a.md"}
    assert run("check", "README.md").code == 1
    write("promptls.toml", 'markdown = "all"\n')
    assert run("check", "--format", "json", ".").json()["summary"]["documents"] == 5


def test_what_cannot_be_checked(run: Run) -> None:
    write("sub/README.md", OVER)
    write("sub/notes.txt", b"\0")
    result = run("check", "sub")
    assert result == (2, "", "promptls: sub: holds no prompt documents\n")
    write("prompts/bad.md", b"\0")
    write("prompts/good.md", OVER)
    result = run("check", "prompts", "none.md")
    assert result.code == 2
    assert "prompts/bad.md:1:1: error[text/binary]" in result.out
    assert "prompts/good.md:3:3: error[budget/document-exceeded]" in result.out
    assert "none.md" in result.err and "prompts/bad.md" in result.err


def test_settings_files_are_checked_once(run: Run) -> None:
    write("promptls.toml", "[budget\n")
    write("a.md", CLEAN)
    write("b.md", CLEAN)
    result = run("check", "a.md", "b.md")
    assert result.code == 1
    assert result.out.count("error[settings/not-toml]") == 1
    assert result.out.splitlines()[0].startswith("promptls.toml:1:")


def test_what_is_ignored_is_not_told(run: Run) -> None:
    write("promptls.toml", 'ignore = ["text/*", "settings/*"]\nnonsense = 1\n')
    write("a.md", b"caf\xe9\n")
    assert run("check", "a.md").out == "no findings in 1 document\n"


def test_github(run: Run) -> None:
    write("50%,a:b.md", OVER)
    result = run("check", "--format", "github", ".", "50%,a:b.md")
    command = result.out.splitlines()[0]
    assert command.startswith(
        "::error file=50%25%2Ca%3Ab.md,line=3,endLine=3,col=3,"
        "title=budget/document-exceeded::The document: "
    )
    assert re.search(r"\(\d+ %25\)", command)


@pytest.mark.parametrize("form", ["text", "github", "count"])
@pytest.mark.parametrize(
    "name",
    [
        "a\n::error::gotcha.md",
        "::warning::gotcha.md",
        "\x1b[31mred\x07.md",
        "a\u202egnp.md",
        "a\x9b2J\x7f.md",
        "##[add-path]x.md",
        "a\r::error::b.md",
        "bytes\udcff.md",
    ],
)
def test_names_cannot_speak_to_terminals_and_runners(run: Run, form: str, name: str) -> None:
    title = "\x1b]0;owned\x07 ##[error]x \u202e"
    write(name, f"---\npromptls:\n  budget: 2\n---\n# {title}\n\nFar too long.\n")
    write("bad.md", b"\0")
    if form == "count":
        result = run("count", "--sections", "--", name, "bad.md")
    else:
        result = run("check", "--format", form, "--", name, "bad.md", "none-" + name)
    shown = result.out + result.err
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", shown)
    assert "##[" not in shown
    commands = [line for line in shown.split("\n") if line.lstrip().startswith("::")]
    if form == "github":
        assert all(line.startswith(("::error file=", "::warning file=")) for line in commands)
        assert len(commands) == 2
    else:
        assert commands == []
    assert len(result.err.splitlines()) <= 2


def sarif(run: Run, *paths: str) -> dict[str, Any]:
    log = run("check", "--format", "sarif", *paths).json()
    assert log["version"] == "2.1.0" and "sarif-2.1.0" in log["$schema"]
    (only,) = log["runs"]
    assert isinstance(only, dict)
    return only


def test_sarif(run: Run) -> None:
    write("with blank é.md", f"<!-- promptls: budget=\U0001f600 -->\n{OVER}")
    only = sarif(run, "with blank é.md")
    assert only["columnKind"] == "utf16CodeUnits"
    driver = only["tool"]["driver"]
    assert driver["name"] == "promptls"
    rules = driver["rules"]
    assert [rule["id"] for rule in rules] == list(CATALOGUE)
    for rule in rules:
        assert rule["help"]["text"] and rule["shortDescription"]["text"]
        assert re.match(r"[a-z]+://", rule["helpUri"])
        assert rule["helpUri"].endswith("#" + rule["id"].replace("/", "-"))
    (result,) = only["results"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "directive/wrong-value"
    assert result["level"] == "warning"
    assert result["message"]["text"]
    (location,) = result["locations"]
    physical = location["physicalLocation"]
    assert physical["artifactLocation"] == {"uri": "with%20blank%20%C3%A9.md"}
    region = physical["region"]
    assert (region["startLine"], region["endLine"]) == (1, 1)
    assert region["endColumn"] > region["startColumn"] >= 1


def test_sarif_related_places_and_settings_files(run: Run) -> None:
    write("promptls.toml", "nonsense = 1\n")
    write("a.md", OVER)
    settings, over = sarif(run, "a.md")["results"]
    place = settings["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "promptls.toml"
    related = over["relatedLocations"][0]
    assert related["message"]["text"].startswith("A title: ")
    assert related["physicalLocation"]["region"]["startLine"] == 5


def test_json(run: Run) -> None:
    write("a.md", OVER)
    result = json.loads(run("check", "--format", "json", "a.md").out)
    (finding,) = result["findings"]
    assert finding["code"] == "budget/document-exceeded"
    assert finding["range"]["start"] == {"line": 2, "character": 2}
    assert result["summary"] == {
        "documents": 1,
        "error": 1,
        "warning": 0,
        "information": 0,
        "hint": 0,
    }
