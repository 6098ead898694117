"""What is counted at once and what is left to the background."""

from __future__ import annotations

import pytest
from tests.oracles.reference_encodings import reference_count, tiktoken_engine

from promptls.text import TextBuffer
from promptls.tokens.counter import COUNT_NOW_MAX, RUN_MAX, SEGMENT_FILL, IncrementalCounter

NAME = "cl100k_base"
PROSE = "The quick brown fox jumps over the lazy dog. " * 4_000


def counter_of(text: str, *, counted: bool = True) -> tuple[TextBuffer, IncrementalCounter]:
    buffer = TextBuffer(text)
    counter = IncrementalCounter(buffer, tiktoken_engine(NAME))
    if counted:
        counter.count_now()
    return buffer, counter


def check_total(buffer: TextBuffer, counter: IncrementalCounter) -> None:
    counter.count_now()
    assert counter.tokens == reference_count(NAME, buffer.text())


def test_all_is_pending_at_first() -> None:
    buffer, counter = counter_of(PROSE, counted=False)
    segments = counter.pending
    assert segments >= len(PROSE) // (2 * SEGMENT_FILL)
    assert counter.tokens == 0
    assert counter.tokens_before(10) is None
    assert counter.pending_before(len(PROSE)) == segments
    batch = counter.take_work(1)
    assert batch is not None
    assert PROSE.startswith(batch.texts[0])
    counter.finish(batch, [reference_count(NAME, batch.texts[0])])
    assert counter.pending == segments - 1
    assert counter.pending_before(len(batch.texts[0])) == 0
    assert counter.tokens == reference_count(NAME, batch.texts[0])
    check_total(buffer, counter)


def test_work_is_handed_out_once() -> None:
    _, counter = counter_of(PROSE, counted=False)
    first = counter.take_work(len(PROSE) // 2)
    second = counter.take_work(len(PROSE))
    assert first is not None
    assert second is not None
    assert "".join([*first.texts, *second.texts]) == PROSE
    assert counter.take_work(1) is None
    counter.give_back(first)
    again = counter.take_work(len(PROSE))
    assert again is not None
    assert again.texts == first.texts


def test_a_segment_that_changed_meanwhile_stays_pending() -> None:
    buffer, counter = counter_of(PROSE, counted=False)
    batch = counter.take_work(len(PROSE))
    assert batch is not None
    assert counter.apply(buffer.replace(100, 105, "five ")) is None
    counter.finish(batch, tiktoken_engine(NAME).count_batch(batch.texts))
    assert counter.pending == 1
    work = counter.take_work(1)
    assert work is not None
    assert work.texts[0] in buffer.text()
    assert "five" in work.texts[0]
    counter.finish(work, [reference_count(NAME, work.texts[0])])
    assert counter.pending == 0
    assert counter.tokens == reference_count(NAME, buffer.text())


def test_a_count_that_comes_after_reset_is_of_no_use() -> None:
    buffer, counter = counter_of("one two", counted=False)
    batch = counter.take_work(100)
    assert batch is not None
    counter.reset()
    counter.finish(batch, [99])
    assert counter.tokens == 0
    check_total(buffer, counter)


@pytest.mark.parametrize("inserted", ["x", "", "two words", "\n", "y" * 1_000])
def test_typing_is_counted_at_once(inserted: str) -> None:
    buffer, counter = counter_of(PROSE)
    difference = counter.apply(buffer.replace(50_000, 50_001, inserted))
    assert counter.pending == 0
    assert counter.tokens == reference_count(NAME, buffer.text())
    assert difference == counter.tokens - reference_count(NAME, PROSE)


def test_a_large_insertion_is_pending() -> None:
    buffer, counter = counter_of(PROSE)
    inserted = "Much more. " * (COUNT_NOW_MAX // 5)
    assert counter.apply(buffer.replace(50_000, 50_000, inserted)) is None
    assert counter.pending > 0
    # What stands before the insertion is known all the while.
    assert counter.pending_before(10_000) == 0
    assert counter.tokens_before(10_000) == reference_count(NAME, PROSE[:10_000])
    check_total(buffer, counter)


def test_a_large_deletion_is_counted_at_once() -> None:
    buffer, counter = counter_of(PROSE)
    assert counter.apply(buffer.replace(1_000, len(PROSE) - 1_000, "")) is not None
    assert counter.pending == 0
    assert counter.tokens == reference_count(NAME, buffer.text())


def test_a_run_without_a_cut_is_pending() -> None:
    run = "a" * (3 * RUN_MAX)
    buffer, counter = counter_of(f"{PROSE} {run} after")
    before = counter.tokens
    middle = len(PROSE) + len(run) // 2
    assert counter.apply(buffer.replace(middle, middle, "b")) is None
    assert counter.pending > 0
    check_total(buffer, counter)
    assert counter.tokens != before
    # Away from the run, typing is answered at once.
    assert counter.apply(buffer.replace(2, 2, "x")) is not None
    assert counter.pending == 0
    assert counter.tokens == reference_count(NAME, buffer.text())


def test_one_word_that_grows_and_grows() -> None:
    buffer, counter = counter_of("start end")
    for number in range(300):
        counter.apply(buffer.replace(5, 5, "漢" if number % 3 else "語字文"))
    assert counter.pending == 0
    assert counter.tokens == reference_count(NAME, buffer.text())
