"""Counts that take a while: `counting…`, a refresh, progress, and a cancel that stops them."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from string import ascii_lowercase
from typing import Any

import pytest
from tests.lsp.conftest import Start
from tests.lsp.editor import EVERYTHING, Editor, Json, edit
from tests.oracles.reference_encodings import reference_count

SLOW_ENGINE = {"machine": {"engine": "tiktoken"}}
PARAGRAPH = (
    "Answer in the language of the question, cite the sources, 漢字 and numbers such as 12,345.\n"
)
CREATE = "window/workDoneProgress/create"
PROGRESS = "$/progress"
SLOW_PARTS = 32
QUIET: Json = {"workspace": {"configuration": True}}


def large(megabytes: int) -> str:
    """A document with a heading on each 4 KB."""
    section = "# Section 😀\n" + PARAGRAPH * 42
    return section * (megabytes * 256)


def slow_part() -> str:
    """A megabyte of words that are none, which take tiktoken twice as long as others."""
    source = random.Random(0)
    words = ("".join(source.choices(ascii_lowercase, k=30)) for _ in range(33_000))
    return "# Noise\n" + "\n".join(words) + "\n"


@contextmanager
def slow_server(start: Start) -> Iterator[Editor]:
    """A server that needs seconds for `SLOW_PARTS` parts, also on a fast machine."""
    with start() as editor:
        if sys.platform == "linux":
            # Threads that it begins later stay on the one core as well.
            pid = editor.wire.process.pid
            os.sched_setaffinity(pid, {min(os.sched_getaffinity(pid))})
        editor.initialize(options=SLOW_ENGINE)
        yield editor


@pytest.mark.parametrize("capabilities", [EVERYTHING, QUIET])
def test_counting_until_the_first_count_is_there(start: Start, capabilities: Json) -> None:
    text = large(6)
    with start() as editor:
        editor.initialize(capabilities, options=SLOW_ENGINE)
        uri = editor.open(editor.uri("prompts/large.md"), text)
        before = editor.hints(uri, 0, 60)
        assert [hint["label"] for hint in before] == ["counting…"] * 2
        assert "background" in before[0]["tooltip"]
        report = editor.report_now(uri)
        assert (report["tokens"], report["expandedTokens"]) == (None, None)
        assert report["sections"][0]["tokens"] is None
        report = editor.report(uri)
        assert report["tokens"] == reference_count("cl100k_base", text)
        label = f"{reference_count('cl100k_base', text[: len(text) // 1536]):,} tok"
        assert [hint["label"] for hint in editor.hints(uri, 0, 60)] == [label] * 2
        editor.settle()
        assert bool(editor.asked["workspace/inlayHint/refresh"]) is (capabilities is EVERYTHING)
        assert bool(editor.asked[CREATE]) <= (capabilities is EVERYTHING)


def test_edits_while_it_is_counted(start: Start) -> None:
    text = large(4)
    with start() as editor:
        editor.initialize(options=SLOW_ENGINE)
        uri = editor.open(editor.uri("prompts/large.md"), text)
        line = text[: len(text) // 2].count("\n")
        for number in range(40):
            editor.change(uri, edit((line, 0), (line, 0), f"{number} 漢"))
            assert {hint["label"] for hint in editor.hints(uri, line, line + 100)} != set()
        lines = text.split("\n")
        lines[line] = "".join(f"{number} 漢" for number in reversed(range(40))) + lines[line]
        expected = reference_count("cl100k_base", "\n".join(lines))
        report = editor.report(uri)
        assert report["tokens"] == expected
        assert sum(item["ownTokens"] for item in report["sections"]) == expected


def values(editor: Editor, kind: str) -> list[Any]:
    messages = [item["params"] for item in editor.seen(PROGRESS)]
    return [params for params in messages if params["value"]["kind"] == kind]


def test_progress_can_be_cancelled(start: Start) -> None:
    part = slow_part()
    text = part * SLOW_PARTS
    with slow_server(start) as editor:
        uri = editor.open(editor.uri("prompts/large.md"), text)
        editor.open(editor.uri("prompts/small.md"), "# A\n")
        begin = editor.wire.expect(PROGRESS)["params"]
        assert editor.asked[CREATE] == 1
        value = begin["value"]
        assert (value["kind"], value["title"]) == ("begin", "Counting tokens")
        assert value["cancellable"] is True
        assert value["message"] == "large.md"
        # Another document is answered meanwhile.
        assert editor.labels(editor.uri("prompts/small.md")) == ["3 tok"]
        editor.wire.notify("window/workDoneProgress/cancel", {"token": begin["token"]})
        while (said := editor.wire.expect(PROGRESS)["params"])["value"]["kind"] != "end":
            assert said["token"] == begin["token"]
            assert 0 <= said["value"]["percentage"] <= 100
        lines = part.count("\n")
        (last,) = editor.hints(uri, lines * (SLOW_PARTS - 1), lines * SLOW_PARTS)
        assert last["label"] == "not counted"
        assert "cancelled" in last["tooltip"]
        lens = editor.ask("textDocument/codeLens", uri)
        assert lens[0]["command"]["title"] == "not counted"
        # Nothing goes on in the background, and nothing is begun by looking or by settings.
        editor.configure({"budget": {"document": 10}})
        assert editor.report_now(uri)["tokens"] is None
        assert values(editor, "report") == []
        editor.change(uri, edit((0, 0), (0, 0), "x"))
        tokens = reference_count("cl100k_base", "x" + part)
        # Parts begin and end where words do, so that their tokens add up.
        tokens += (SLOW_PARTS - 1) * reference_count("cl100k_base", part)
        assert editor.report(uri)["tokens"] == tokens


def test_closing_ends_the_count_and_its_progress(start: Start) -> None:
    with slow_server(start) as editor:
        uri = editor.open(editor.uri("prompts/large.md"), slow_part() * SLOW_PARTS)
        begin = editor.wire.expect(PROGRESS)["params"]
        editor.close(uri)
        while (said := editor.wire.expect(PROGRESS)["params"])["value"]["kind"] != "end":
            assert said["token"] == begin["token"]
        assert editor.wire.shutdown() == 0
