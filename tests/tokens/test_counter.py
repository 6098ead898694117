"""The incremental counter against tiktoken on the whole text."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles.reference_encodings import (
    PACKAGED,
    reference_count,
    reference_count_before,
    tiktoken_engine,
)
from tests.oracles.sizes import Sizes
from tests.oracles.texts import INSERTIONS, TEXTS

from promptls.text import TextBuffer
from promptls.tokens.counter import IncrementalCounter

SIZES = (
    Sizes(),
    Sizes(chunk=(4, 8), leaf=(3, 4), segment=(4, 12), run=8, count_now=10, window=2),
    Sizes(chunk=(16, 40), segment=(16, 40), run=64, count_now=100, window=2),
    Sizes(chunk=(4, 8), segment=(16, 40), leaf=(3, 4)),
    Sizes(segment=(4, 12), run=8),
)


class Step(NamedTuple):
    """An edit, and what the background does behind it."""

    where: int
    removed: int
    inserted: str
    background: str


STEPS = st.lists(
    st.builds(
        Step,
        st.integers(0, 5_000),
        st.sampled_from([0, 0, 1, 2, 10, 100]),
        INSERTIONS,
        st.sampled_from(["", "finish", "finish", "give back", "late", "all"]),
    ),
    min_size=5,
    max_size=25,
)


@pytest.mark.parametrize("name", PACKAGED)
@settings(deadline=None, max_examples=120)
@given(
    text=TEXTS,
    boundaries=st.sets(st.integers(0, 300), max_size=5),
    steps=STEPS,
    sizes=st.sampled_from(SIZES),
)
def test_edits(name: str, text: str, boundaries: set[int], steps: list[Step], sizes: Sizes) -> None:
    engine = tiktoken_engine(name)
    with sizes.in_use():
        buffer = TextBuffer(text)
        within = sorted(at for at in boundaries if at <= len(buffer))
        counter = IncrementalCounter(buffer, engine, within)
        counter.count_now()
        assert counter.tokens == reference_count(name, text)
        late = None
        for where, removed, inserted, background in steps:
            start = where % (len(buffer) + 1)
            before = counter.tokens
            difference = counter.apply(buffer.replace(start, start + removed, inserted))
            assert difference is None or counter.tokens == before + difference
            if late is not None:
                # Counted before the edit: what has changed since must stay pending.
                counter.finish(late, engine.count_batch(late.texts))
                late = None
            if background == "all":
                counter.count_now()
                assert counter.pending == 0
            elif background and (batch := counter.take_work(20)) is not None:
                if background == "finish":
                    counter.finish(batch, engine.count_batch(batch.texts))
                elif background == "give back":
                    counter.give_back(batch)
                else:
                    late = batch
            if counter.pending == 0:
                assert counter.tokens == reference_count(name, buffer.text())
        if late is not None:
            counter.give_back(late)
        counter.count_now()
        assert counter.pending == 0
        assert counter.tokens == reference_count(name, buffer.text())


@pytest.mark.parametrize("name", PACKAGED)
@settings(deadline=None, max_examples=80)
@given(
    text=TEXTS,
    offsets=st.lists(st.integers(0, 400), min_size=1, max_size=8),
    sizes=st.sampled_from(SIZES),
)
def test_tokens_before(name: str, text: str, offsets: list[int], sizes: Sizes) -> None:
    with sizes.in_use():
        buffer = TextBuffer(text)
        text = buffer.text()
        counter = IncrementalCounter(buffer, tiktoken_engine(name))
        counter.count_now()
        wanted = sorted(min(offset, len(text)) for offset in offsets)
        expected = [reference_count_before(name, text, offset) for offset in wanted]
        assert [counter.tokens_before(offset) for offset in wanted] == expected
        assert counter.tokens_at(wanted) == expected
        # Asking may have cut segments at the offsets; the sums stay what they are.
        assert counter.tokens == reference_count(name, text)


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        # Tokens are `##`, ` One`, `\n\n`, `/`, … where a line begins with anything but a slash.
        ("## One\n\n# Two", 8, 3),
        # `.\n\n/` is one piece of o200k_base, so the slash is not the first byte of a token.
        ("One.\n\n/two", 6, None),
        ("One.\n//two", 5, None),
        ("!\n/\n/\n", 4, None),
    ],
)
def test_a_token_that_straddles_belongs_to_what_stands_before(
    text: str, offset: int, expected: int | None
) -> None:
    counter = IncrementalCounter(TextBuffer(text), tiktoken_engine("o200k_base"))
    counter.count_now()
    counted = counter.tokens_before(offset)
    assert counted == reference_count_before("o200k_base", text, offset)
    assert expected is None or counted == expected
    assert counter.tokens_at([offset]) == [counted]


def test_a_straddling_token_is_real() -> None:
    """The case above is one: the parts count otherwise than the whole."""
    assert reference_count("o200k_base", "/\n//two") != reference_count(
        "o200k_base", "/\n"
    ) + reference_count("o200k_base", "//two")


@pytest.mark.parametrize("text", ["", "a", "\n", " ", "\ud800", "😀"])
def test_from_nothing_and_back(text: str) -> None:
    buffer = TextBuffer("")
    counter = IncrementalCounter(buffer, tiktoken_engine("cl100k_base"))
    assert (counter.tokens, counter.pending) == (0, 0)
    counter.apply(buffer.replace(0, 0, text))
    counter.count_now()
    assert counter.tokens == reference_count("cl100k_base", text)
    counter.apply(buffer.replace(0, len(buffer), ""))
    counter.count_now()
    assert (counter.tokens, counter.pending) == (0, 0)


def test_reset() -> None:
    buffer = TextBuffer("one two")
    counter = IncrementalCounter(buffer, tiktoken_engine("cl100k_base"))
    counter.count_now()
    buffer.replace(0, 3, "three four five")
    counter.reset()
    assert (counter.tokens, counter.pending > 0) == (0, True)
    counter.count_now()
    assert counter.tokens == reference_count("cl100k_base", "three four five two")
