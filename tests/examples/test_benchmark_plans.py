"""The benchmarks type what they say, and take back what they type."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path

import pytest
from benchmarks.documents import KB, cjk_line, markdown, prose_line
from benchmarks.local_source import LocalSource
from benchmarks.measure import summarize
from benchmarks.referenced_files import (
    list_of_references,
    prose_with_references,
    reference,
    write_files,
)
from benchmarks.table import Goal, Row
from benchmarks.typing_plan import Place, Step, anywhere, in_place, many_at_once, random_place

from promptls.prompts.dialects.markdown import MARKDOWN
from promptls.report.document import PromptDocument

LINES = [f"line {number} 日本 🧤 text" for number in range(2_000)]
TEXT = "\n".join(LINES)


def offset(text: str, position: dict[str, int]) -> int:
    start = sum(len(line) + 1 for line in text.split("\n")[: position["line"]])
    line = text[start:].encode("utf-16-le")
    return start + len(line[: 2 * position["character"]].decode("utf-16-le"))


def applied(text: str, step: Step) -> str:
    for change in json.loads(step.changes):
        start = offset(text, change["range"]["start"])
        end = offset(text, change["range"]["end"])
        text = text[:start] + change["text"] + text[end:]
    return text


@pytest.mark.parametrize(
    ("plan", "grown"),
    [
        (in_place(Place(1_000, 4)), 1),
        (in_place(Place(1_000, 4), "\n"), 1),
        (many_at_once(LINES[:100], seed=3, count=40), 40),
    ],
    ids=["letter", "enter", "many"],
)
def test_every_second_step_takes_back_the_first(plan: Iterator[Step], grown: int) -> None:
    text = TEXT
    for insert, remove in zip(islice(plan, 0, 3), islice(plan, 0, 3), strict=True):
        longer = applied(text, insert)
        assert len(longer) == len(text) + grown
        assert applied(longer, remove) == text


def test_anywhere_leaves_only_the_latest_letters() -> None:
    text = TEXT
    for step in islice(anywhere(LINES, seed=5, apart=4), 41):
        text = applied(text, step)
    assert len(text) - len(TEXT) in (4, 5)
    changed = [pair for pair in zip(text.split("\n"), LINES, strict=True) if pair[0] != pair[1]]
    assert all(len(now) == len(before) + 1 for now, before in changed)


def test_random_places_do_not_split_a_surrogate_pair() -> None:
    rng = random.Random(1)
    for _ in range(200):
        place = random_place(["a🧤b"], rng)
        assert place.character in (0, 1, 3, 4)


def test_documents_have_the_size_asked_for_and_repeat_nothing() -> None:
    assert 99 * KB < len(markdown(100 * KB).encode()) <= 100 * KB
    assert markdown(100 * KB).endswith("\n")
    assert prose_line(20 * KB).index("\n") == 20 * KB
    assert len(cjk_line(20 * KB).encode()) >= 20 * KB
    assert cjk_line(KB).count("\n") == 1


def references_in(text: str) -> list[str]:
    placed = PromptDocument(text, MARKDOWN).placed()
    return [found.text for place in placed for found in place.mark.references]


def test_files_share_what_is_written_and_refer_to_nothing(tmp_path: Path) -> None:
    names = write_files(tmp_path, count=50, size=100 * KB)
    texts = [(tmp_path / "files" / name).read_bytes().decode() for name in names]
    assert len(set(texts)) == 50
    assert 90 * KB < sum(len(text.encode()) for text in texts) <= 100 * KB
    assert not any(text.endswith("\n") or references_in(text) for text in texts)


def test_documents_refer_to_each_file_once() -> None:
    names = [f"{number:04}.md" for number in range(250)]
    written = [reference(name) for name in names]
    assert references_in(list_of_references(names)) == written
    text = prose_with_references(100 * KB, written)
    assert references_in(text) == written
    assert 99 * KB < len(text) < 101 * KB
    assert references_in(prose_with_references(20 * KB, [])) == []


def test_the_source_counts_requests() -> None:
    with LocalSource().serving() as source:
        for number in (1, 2):
            connection = HTTPConnection(source.host, timeout=30)
            connection.request("GET", "/status")
            assert connection.getresponse().read()
            connection.close()
            assert source.requests == number


@pytest.mark.parametrize(
    ("ours", "theirs", "goal", "ratio", "reached"),
    [
        (0.001, 2.0, Goal("faster", 2_000), 2_000, True),
        (0.0011, 2.0, Goal("faster", 2_000), 1_818, False),
        (4.0, 10.0, Goal("ratio", 0.4), 0.4, True),
        (4.1, 10.0, Goal("ratio", 0.4), 0.41, False),
        (200.0, None, Goal("megabytes", 200), None, True),
        (201.0, None, Goal("megabytes", 200), None, False),
        (0.1, None, Goal("ratio", 1), None, False),
        (1, None, Goal("requests", 1), None, True),
        (2, None, Goal("requests", 1), None, False),
    ],
)
def test_rows_compare_with_their_goal(
    ours: float, theirs: float | None, goal: Goal, ratio: float | None, reached: bool
) -> None:
    row = Row("figure", ours, theirs, "other", goal)
    assert row.ratio is None if ratio is None else row.ratio == pytest.approx(ratio, rel=1e-3)
    assert row.reached is reached


def test_summaries_take_the_nearest_rank() -> None:
    assert summarize([float(number) for number in range(1, 101)]) == (50.5, 99.0)
    assert summarize([3.0]) == (3.0, 3.0)
