"""Measures that are joined count what tiktoken counts in the joined text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles.reference_encodings import PACKAGED, reference_count, tiktoken_engine
from tests.oracles.texts import TEXTS

from promptls.tokens.measure import (
    EMPTY,
    RUN_MAX,
    MeasureBuilder,
    RunTooLongError,
    join,
    measure,
    total,
)

PIECES = st.lists(
    st.one_of(
        TEXTS,
        st.sampled_from(["", "\n", " ", "/x", "Hello", "it's", "'s", "123", "\r", "  \n\n", "# A"]),
    ),
    max_size=8,
)


@pytest.mark.parametrize("encoding", PACKAGED)
@given(pieces=PIECES)
@settings(max_examples=150, deadline=None)
def test_joined_measures_count_the_joined_text(encoding: str, pieces: list[str]) -> None:
    engine = tiktoken_engine(encoding)
    joined = join([measure(piece, engine) for piece in pieces], engine)
    text = "".join(pieces)
    assert total(joined, engine) == reference_count(encoding, text)
    assert joined.size == len(text.encode("utf-8", "surrogatepass"))


@given(pieces=PIECES, at=st.integers(0, 8))
@settings(max_examples=100, deadline=None)
def test_joining_is_associative(pieces: list[str], at: int) -> None:
    engine = tiktoken_engine("o200k_base")
    measures = [measure(piece, engine) for piece in pieces]
    inner = [join(measures[:at], engine), join(measures[at:], engine)]
    assert total(join(inner, engine), engine) == total(join(measures, engine), engine)


@given(text=TEXTS, size=st.integers(1, 50))
@settings(max_examples=100, deadline=None)
def test_a_stream_measures_as_the_whole_text(text: str, size: int) -> None:
    engine = tiktoken_engine("cl100k_base")
    builder = MeasureBuilder(engine)
    for start in range(0, len(text), size):
        builder.add(text[start : start + size])
    assert total(builder.finish(), engine) == reference_count("cl100k_base", text)


def test_nothing_is_neutral() -> None:
    engine = tiktoken_engine("cl100k_base")
    one = measure("some words here", engine)
    assert join([EMPTY, one, EMPTY], engine) == one
    assert measure("", engine) == EMPTY


def test_a_run_without_a_cut_is_refused_in_time() -> None:
    engine = tiktoken_engine("cl100k_base")
    builder = MeasureBuilder(engine)
    with pytest.raises(RunTooLongError, match="without a place to cut"):
        for _ in range(RUN_MAX // (1 << 20) + 2):
            builder.add("a" * (1 << 20))
