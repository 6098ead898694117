"""tiktoken behind the engine interface: its counts, also where it panics."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles.reference_encodings import (
    PACKAGED,
    reference_count,
    reference_count_before,
    reference_encoding,
    tiktoken_engine,
)
from tests.oracles.text_model import joined
from tests.oracles.texts import TEXTS

from promptls.tokens import engine as engine_module
from promptls.tokens.engine import replace_surrogates, stretches
from promptls.tokens.errors import EngineError

MILLION = 1_000_000

SAMPLES = [
    "",
    "Hello, world!",
    "<|endoftext|> <|fim_prefix|> <|endofprompt|>",
    "\ud800",
    "a\udc00b",
    "\ud83d\ude00 two halves of one character",
    "\ufeffBOM \x00 NUL \u2028 \x0c \x0b",
    "日本語、中文。한국어 🇩🇪 👩‍👩‍👧‍👦",
    "\r\n\r \n\n  \t\n/x",
    " " * 100,
]


@pytest.mark.parametrize("name", PACKAGED)
@pytest.mark.parametrize("text", SAMPLES)
def test_count(name: str, text: str) -> None:
    assert tiktoken_engine(name).count(text) == reference_count(name, text)


def test_count_batch() -> None:
    expected = [reference_count("o200k_base", text) for text in SAMPLES]
    assert tiktoken_engine("o200k_base").count_batch(SAMPLES) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        # tiktoken panics on these; the figures are quicktok's and those of one merged piece.
        ("cl100k_base", " " * MILLION + "x", 7_814),
        ("o200k_base", " " * MILLION + "x", 7_814),
        ("o200k_base", " " * MILLION, 7_813),
    ],
)
def test_white_space_that_makes_tiktoken_panic(name: str, text: str, expected: int) -> None:
    assert tiktoken_engine(name).count(text) == expected


@pytest.mark.parametrize("name", PACKAGED)
def test_a_million_capitals(name: str) -> None:
    # One piece in both patterns, so that merging it by itself is the whole count.
    expected = len(reference_encoding(name)._encode_single_piece("A" * MILLION))
    assert tiktoken_engine(name).count("A" * MILLION) == expected


@pytest.mark.parametrize("name", PACKAGED)
@settings(deadline=None, max_examples=100)
@given(text=TEXTS, direct=st.sampled_from([0, 20]), piece=st.sampled_from([1, 8, 30]))
def test_long_texts_are_counted_in_parts(name: str, text: str, direct: int, piece: int) -> None:
    engine = tiktoken_engine(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine_module, "DIRECT_MAX", direct)
        patch.setattr(engine_module, "_PIECE", piece)
        parts = stretches(text, engine.cuts)
        assert "".join(parts) == text
        assert engine.count(text) == reference_count(name, text)


@pytest.mark.parametrize("name", PACKAGED)
@settings(deadline=None, max_examples=100)
@given(text=TEXTS.map(joined), where=st.integers(0, 500), direct=st.sampled_from([0, 200_000]))
def test_count_before(name: str, text: str, where: int, direct: int) -> None:
    offset = where % (len(text) + 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine_module, "DIRECT_MAX", direct)
        counted = tiktoken_engine(name).count_before(text, offset)
    assert counted == reference_count_before(name, text, offset)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("é", "é"),
        ("\ud800x\udc00", "\ufffdx\ufffd"),
        ("\ud83d\ude00", "😀"),
        ("\ufeff\ud800", "\ufeff\ufffd"),
        ("😀\ude00", "😀\ufffd"),
    ],
)
def test_replace_surrogates(text: str, expected: str) -> None:
    assert replace_surrogates(text) == expected


class PanicException(BaseException):
    """Stands for pyo3_runtime.PanicException, which cannot be imported."""


@pytest.mark.parametrize("failure", [PanicException("deep"), ValueError("odd")])
def test_a_failing_tokenizer(failure: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def encode(_: str) -> list[int]:
        raise failure

    engine = tiktoken_engine("cl100k_base")
    monkeypatch.setattr(engine, "_encode", encode)
    with pytest.raises(EngineError, match=type(failure).__name__) as raised:
        engine.count("secret")
    assert "secret" not in str(raised.value)
    assert raised.value.way_out


def test_an_interruption_is_no_engine_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def encode(_: str) -> list[int]:
        raise KeyboardInterrupt

    engine = tiktoken_engine("cl100k_base")
    monkeypatch.setattr(engine, "_encode", encode)
    with pytest.raises(KeyboardInterrupt):
        engine.count("a")
