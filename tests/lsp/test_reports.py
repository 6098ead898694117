"""`promptls/report`, `promptls/render` and `promptls/reportChanged`, as the contract has them."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.lsp.conftest import Start
from tests.lsp.editor import EVERYTHING, Editor, Json, edit, environment, whole
from tests.lsp.random_edits import EXAMPLES
from tests.lsp.wire import Message, python
from tests.oracles.reference_encodings import reference_count

CHANGED = "promptls/reportChanged"
KEYS = (
    *("uri", "version", "revision", "dialect", "model", "encoding", "accuracy", "tokens"),
    *("expandedTokens", "pending", "estimate", "framing", "budget", "sections", "references"),
    "findings",
)
SECTION_KEYS = (
    *("id", "title", "kind", "level", "range", "headRange", "sent", "tokens", "ownTokens"),
    *("expandedTokens", "budget"),
)
FINDING_KEYS = ("code", "severity", "uri", "range", "message", "related", "fixes")


def test_shape(editor: Editor) -> None:
    uri = editor.uri("prompts/shape.md")
    editor.settings[uri] = {"model": "gpt-4o", "budget": {"document": 5}}
    editor.open(uri, "---\nname: x\n---\nintro\n# A\nhello world\n# A\n", version=7)
    report = editor.report(uri)
    assert tuple(report) == KEYS
    assert {tuple(section) for section in report["sections"]} == {SECTION_KEYS}
    assert {tuple(finding) for finding in report["findings"]} == {FINDING_KEYS}
    assert (report["uri"], report["version"], report["dialect"]) == (uri, 7, "markdown")
    assert (report["model"], report["encoding"]) == ("gpt-4o", "o200k_base")
    assert (report["accuracy"], report["estimate"]) == ("exact", None)
    assert report["framing"]["tokens"] > 0
    used = report["expandedTokens"]
    assert report["budget"] == {"limit": 5, "used": used, "share": used / 5}
    assert [(item["id"], item["kind"], item["sent"]) for item in report["sections"]] == [
        ("front matter", "frontMatter", False),
        ("preamble", "preamble", True),
        ("A", "heading", True),
        ("A#2", "heading", True),
    ]


def test_the_estimate_of_a_model_with_a_secret_tokenizer(editor: Editor) -> None:
    uri = editor.uri("prompts/estimate.md")
    editor.settings[uri] = {"model": "claude-sonnet-4-5", "budget": {"document": 100}}
    text = "# A\n" + "words " * 100
    editor.open(uri, text)
    report = editor.report(uri)
    estimate = report["estimate"]
    assert report["tokens"] == reference_count(report["encoding"], text)
    assert report["accuracy"] == "estimate"
    assert estimate["low"] <= estimate["likely"] <= estimate["high"]
    assert estimate["source"]
    assert report["budget"]["used"] == estimate["likely"]


def examples() -> list[Path]:
    return sorted(path for path in EXAMPLES.rglob("*") if path.suffix in (".md", ".prompty"))


@pytest.mark.parametrize("path", examples(), ids=lambda path: path.name)
def test_equal_to_the_command_line(tmp_path: Path, start: Start, path: Path) -> None:
    command = python("-m", "promptls", "count", "--format", "json", str(path))
    variables = {**os.environ, **environment(tmp_path)}
    done = subprocess.run(command, capture_output=True, cwd=EXAMPLES, env=variables, check=True)
    (document,) = json.loads(done.stdout)["documents"]
    with start() as editor:
        editor.root = EXAMPLES
        editor.initialize(encodings=["utf-16"])
        uri = editor.open(path.as_uri(), path.read_text("utf-8"))
        report = editor.report(uri)
    assert document.pop("path") in (str(path), str(path.relative_to(EXAMPLES)))
    assert report.pop("uri") == uri
    assert report.pop("version") == 1
    del document["revision"], report["revision"]
    for found in (document, report):
        for reference in found["references"]:
            del reference["fetchedAt"]  # each has read the file by itself, or has not had to
        for finding in found["findings"]:
            del finding["uri"]
            for related in finding["related"]:
                del related["uri"]
    assert report == document


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("", ""),
        ("# A\nb\n", "# A\nb\n"),
        ("---\nname: x\n---\n# A\n", "# A\n"),
        ("# A\n<!-- promptls: budget=5 -->\nb\n", "# A\nb\n"),
        ("---\nname: x\n---\n# A 😀\n<!-- promptls: budget=5 -->\nb\n\n\n", "# A 😀\nb\n\n\n"),
        ("# A\n<!-- a comment -->\n", "# A\n<!-- a comment -->\n"),
    ],
)
def test_render(editor: Editor, text: str, rendered: str) -> None:
    uri = editor.open(editor.uri("prompts/rendered.md"), text, version=3)
    report = editor.report(uri)
    answer = editor.render(uri)
    assert (answer["uri"], answer["version"], answer["text"]) == (uri, 3, rendered)
    assert answer["tokens"] == report["expandedTokens"] == reference_count("cl100k_base", rendered)
    written = text.split("\n")
    at = 0
    for segment in answer["segments"]:
        assert segment["start"] == at
        at = segment["end"]
        piece = rendered[segment["start"] : at]
        assert segment["uri"] == uri
        assert segment["tokens"] == reference_count("cl100k_base", piece)
        assert between(written, segment["range"]) == piece
    assert at == len(rendered)


def between(lines: list[str], range_: Json) -> str:
    start, end = range_["start"], range_["end"]
    part = lines[start["line"] : end["line"] + 1]
    part[-1] = part[-1].encode("utf-16-le")[: 2 * end["character"]].decode("utf-16-le")
    part[0] = part[0].encode("utf-16-le")[2 * start["character"] :].decode("utf-16-le")
    return "\n".join(part)


@pytest.mark.parametrize("method", ["promptls/report", "promptls/render"])
@pytest.mark.parametrize(
    "params",
    [
        None,
        {},
        [],
        {"textDocument": 5},
        {"textDocument": {"uri": 5}},
        {"textDocument": {"uri": "file:///not/open.md"}},
    ],
)
def test_wrong_parameters(editor: Editor, method: str, params: object) -> None:
    assert editor.wire.request(method, params)["error"]["code"] == -32602


def request(id_: int, method: str, uri: str) -> Message:
    params = {"textDocument": {"uri": uri}}
    return {"jsonrpc": "2.0", "id": id_, "method": method, "params": params}


def test_a_report_is_of_the_version_that_was_current(editor: Editor) -> None:
    uri = editor.open(editor.uri("prompts/versions.md"), "# A\n")
    editor.report(uri)
    change = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [whole("# A\nmore\n")]}
    editor.wire.send(
        request(1001, "promptls/report", uri),
        {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": change},
        request(1002, "promptls/report", uri),
    )
    first, second = (editor.wire.response(id_)["result"] for id_ in (1001, 1002))
    assert (first["version"], first["tokens"]) == (1, reference_count("cl100k_base", "# A\n"))
    assert (second["version"], second["tokens"]) == (
        2,
        reference_count("cl100k_base", "# A\nmore\n"),
    )


def test_also_while_the_client_is_asked_for_its_settings(start: Start) -> None:
    with start() as editor:
        answers = editor.wire.answers.pop("workspace/configuration")
        editor.initialize()
        editor.settings[""] = {"encoding": "o200k_base"}
        uri = editor.open(editor.uri("prompts/a.md"), "# Привет\n")
        first = editor.wire.start_request("promptls/report", {"textDocument": {"uri": uri}})
        editor.change(uri, whole("# Привет, мир\n"))
        second = editor.wire.start_request("promptls/report", {"textDocument": {"uri": uri}})
        asked = editor.wire.expect("workspace/configuration")
        result = answers(asked["params"])
        editor.wire.send({"jsonrpc": "2.0", "id": asked["id"], "result": result})
        for id_, version, text in ((first, 1, "# Привет\n"), (second, 2, "# Привет, мир\n")):
            report = editor.wire.response(id_)["result"]
            tokens = reference_count("o200k_base", text)
            assert (report["version"], report["tokens"]) == (version, tokens)


@pytest.mark.parametrize("wanted", [False, True])
def test_report_changed(start: Start, wanted: bool) -> None:
    with start() as editor:
        editor.initialize(options={"reportNotifications": wanted})
        uri = editor.open(editor.uri("prompts/a.md"), "# A\n")
        editor.report(uri)
        editor.change(uri, edit((0, 3), (0, 3), "b"))
        if not wanted:
            editor.settings[uri] = {"budget": {"document": 1}}
            editor.configure(None, "")
            editor.codes(uri, {"budget/document-exceeded"})
            assert editor.seen(CHANGED) == []
            return
        told: dict[str, Any] = {}
        while told.get("version") != 2:
            told = editor.wire.expect(CHANGED)["params"]
            assert set(told) == {"uri", "version", "revision"}
            assert told["uri"] == uri
        assert told["revision"] == editor.report(uri)["revision"]


def test_versions_that_repeat_or_go_back(editor: Editor) -> None:
    uri = editor.open(editor.uri("prompts/order.md"), "# A\n", version=5)
    texts = ["# A\n\nb\n", "c c c\n", "# A\n# B\n# C\n", "x"]
    for version, text in zip((5, 3, 5, 9), texts, strict=True):
        editor.change(uri, whole(text), version=version)
        report = editor.report(uri)
        assert (report["version"], report["tokens"]) == (
            version,
            reference_count("cl100k_base", text),
        )
        assert sum(item["ownTokens"] for item in report["sections"]) == report["tokens"]


CAPABILITIES_WITHOUT_REFRESH: Json = {"workspace": {"configuration": True}}


@pytest.mark.parametrize("capabilities", [EVERYTHING, CAPABILITIES_WITHOUT_REFRESH])
def test_refreshes_are_asked_for_where_they_are_supported(start: Start, capabilities: Json) -> None:
    with start() as editor:
        editor.initialize(capabilities)
        uri = editor.open(editor.uri("prompts/a.md"), "# A\n")
        editor.report(uri)
        editor.configure({"budget": {"section": 10}})
        assert editor.labels(uri) == ["3 tok · 30 % of 10"]
        editor.settle()
        supported = capabilities is EVERYTHING
        for kind in ("inlayHint", "codeLens"):
            assert bool(editor.asked[f"workspace/{kind}/refresh"]) is supported
        assert editor.asked["workspace/diagnostic/refresh"] == 0
