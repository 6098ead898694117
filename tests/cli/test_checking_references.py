"""`check` tells of references, with the places that explain what is wrong with them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from tests.cli.scripting import Run, run_process, write

from promptls.cli.check_sarif import log
from promptls.cli.outcome import Located
from promptls.cli.outcome import Outcome as Checked
from promptls.findings import Finding, Range

ROOT = Path(__file__).parents[2]


@pytest.fixture
def ring(run: Run) -> Run:
    """A cycle in `work`, with the place that closes it in another file."""
    write("promptls.toml", "")
    write("prompts/main.md", "# T\n\n  @file:../parts/a.md\n")
    write("parts/a.md", "A\nsee @file:b.md\n")
    write("parts/b.md", "@file:a.md\n")
    return run


def test_text_of_a_cycle(ring: Run) -> None:
    assert ring("check", "prompts").out.splitlines() == [
        "prompts/main.md:3:3: warning[reference/cycle] "
        "Imports go round: parts/a.md → parts/b.md → parts/a.md.",
        "    parts/a.md:2:5: imported by parts/a.md here",
        "    parts/b.md:1:1: imported by parts/b.md here",
        "1 warning in 1 document",
    ]


def test_github_of_a_cycle(ring: Run) -> None:
    (command, _) = ring("check", "--format", "github", "prompts").out.splitlines()
    assert command == (
        "::warning file=prompts/main.md,line=3,endLine=3,col=3,title=reference/cycle::"
        "Imports go round: parts/a.md → parts/b.md → parts/a.md."
        "%0Aparts/a.md:2:5: imported by parts/a.md here"
        "%0Aparts/b.md:1:1: imported by parts/b.md here"
    )


@pytest.mark.parametrize(
    ("folder", "path", "related"),
    [
        (".", "prompts/main.md", ["parts/a.md", "parts/b.md"]),
        ("prompts", "main.md", ["{root}/parts/a.md", "{root}/parts/b.md"]),
    ],
)
def test_sarif_and_json_of_a_cycle(
    ring: Run, monkeypatch: pytest.MonkeyPatch, folder: str, path: str, related: list[str]
) -> None:
    root = Path.cwd()
    monkeypatch.chdir(folder)
    expected = [name.format(root=root) for name in related]
    (finding,) = ring("check", "--format", "json", path).json()["findings"]
    assert (finding["code"], finding["uri"]) == ("reference/cycle", path)
    assert [one["uri"] for one in finding["related"]] == expected
    (result,) = ring("check", "--format", "sarif", path).json()["runs"][0]["results"]
    places = [one["physicalLocation"] for one in result["relatedLocations"]]
    assert [place["region"]["startLine"] for place in places] == [2, 1]
    uris = [f"file://{name}" if name.startswith("/") else name for name in expected]
    assert [place["artifactLocation"]["uri"] for place in places] == uris


def test_sarif_of_a_code_that_only_its_package_knows() -> None:
    finding = Finding("tickets/closed", "warning", Range.of(0, 0, 0, 1), "It is closed.")
    at_service = Located("https://tickets.example.com/7", finding)
    (result,) = log(Checked([at_service], 1))["runs"][0]["results"]
    assert "ruleIndex" not in result and result["ruleId"] == "tickets/closed"
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "https://tickets.example.com/7"}


@pytest.mark.parametrize(
    ("text", "code", "exit_code"),
    [
        ("@file:no.md", "reference/not-found", 1),
        ("@file:../x.md", "reference/blocked", 0),
        ("@var:x", "reference/undefined-variable", 0),
        ("@file:a.md?max=1", "budget/reference-exceeded", 1),
        ("@file:a.md @file:a.md", "reference/duplicate-content", 0),
        ("@file:*.txt @file:a.txt", "", 0),
        ("@file:no.md?optional", "", 0),
        ("# T\n<!-- promptls: ignore=reference/* -->\n@file:no.md", "", 0),
    ],
)
def test_findings_and_exit_codes(run: Run, text: str, code: str, exit_code: int) -> None:
    write("promptls.toml", "")
    write("a.md", "Several words\n")
    write("a.txt", "Several words\n")
    write("b.txt", "Some more\n")
    write("main.md", text)
    result = run("check", "--format", "json", "main.md")
    codes = {finding["code"] for finding in result.json()["findings"]}
    assert result.code == exit_code
    assert codes == ({code} if code else set())
    assert run("check", "--no-resolve", "main.md").code == 0


def test_native_references_make_a_prompt(run: Run) -> None:
    write("promptls.toml", "")
    write("plain.md", "See me@file:x.md or `@file:no.md`\n")
    write("prompt.md", "See @file:no.md\n")
    findings = run("check", "--format", "json", ".").json()
    assert findings["summary"]["documents"] == 1
    assert [one["uri"] for one in findings["findings"]] == ["prompt.md"]


def test_only_prompts(run: Run) -> None:
    write("README.md", "---\npromptls:\n  budget: 1\n---\nFar too long.\n")
    write("prompts/a.md", "Hello\n")
    assert run("check", "README.md").code == 1
    assert run("check", "--only-prompts", "README.md") == (0, "", "")
    result = run("check", "--only-prompts", "README.md", "prompts/a.md")
    assert result == (0, "no findings in 1 document\n", "")


def test_the_hook_of_pre_commit(run: Run) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert (hook["id"], hook["language"]) == ("promptls-check", "python")
    taken = re.compile(hook["files"])
    names = ["CLAUDE.md", "a/x.prompt.md", "x.prompty", "x.prompt", "r.mdc", ".cursorrules"]
    for name in names:
        assert taken.search(name) and taken.search(f"folder/{name}")
    assert not taken.search("server.py") and not taken.search("md")
    for name in names:
        write(name, "@file:no.md\n")
    script, *arguments = hook["entry"].split()
    assert script == "promptls"
    result = run_process(*arguments, *names)
    assert result.code == 1
    assert result.out.count(b"error[reference/not-found]") == len(names)


def test_the_page_on_ci_names_options_that_there_are(run: Run) -> None:
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    helps = {
        command: run(command, "--help").out for command in ("check", "count", "tree", "render")
    }
    for option in set(re.findall(r"--[a-z][a-z-]+", page)):
        assert any(option in text for text in helps.values()), option
    for line in re.findall(r"promptls (?:check|count|tree|render)[^\n`]*", page):
        command, *options = line.split()[1:]
        for option in options:
            assert not option.startswith("--") or option in helps[command], line
