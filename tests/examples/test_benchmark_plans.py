"""The benchmarks type what they say, and take back what they type."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import islice

import pytest
from benchmarks.documents import KB, cjk_line, markdown, prose_line
from benchmarks.measure import summarize
from benchmarks.table import Goal, Row
from benchmarks.typing_plan import Place, Step, anywhere, in_place, many_at_once, random_place

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
