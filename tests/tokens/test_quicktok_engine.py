"""quicktok: equal to tiktoken where it is used, left out where it is not."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles.reference_encodings import (
    PACKAGED,
    reference_count,
    reference_count_before,
    reference_encoding,
)
from tests.oracles.text_model import joined
from tests.oracles.texts import TEXTS

from promptls.tokens.engine import EngineChoice, load_engine
from promptls.tokens.errors import EngineError
from promptls.tokens.vocabularies import VocabularySource

SOURCE = VocabularySource()


class FakeQuicktok:
    """Counts as tiktoken does, wrong by `error` for texts longer than `honest`."""

    def __init__(self, name: str, *, honest: int, error: int) -> None:
        self._name = name
        self._honest = honest
        self._error = error

    def count(self, text: str) -> int:
        counted = len(reference_encoding(self._name).encode_ordinary(text))
        return counted if len(text) <= self._honest else counted + self._error


def install(monkeypatch: pytest.MonkeyPatch, get_encoding: Callable[[str], object]) -> None:
    monkeypatch.setitem(sys.modules, "quicktok", SimpleNamespace(get_encoding=get_encoding))


@pytest.mark.parametrize("name", PACKAGED)
@settings(deadline=None, max_examples=100)
@given(text=TEXTS, where=st.integers(0, 500))
def test_equal_to_tiktoken(name: str, text: str, where: int) -> None:
    pytest.importorskip("quicktok")
    engine = load_engine(name, "quicktok", SOURCE)
    assert engine.name == "quicktok"
    assert engine.count(text) == reference_count(name, text)
    assert engine.count_batch([text, ""]) == [reference_count(name, text), 0]
    text = joined(text)
    offset = where % (len(text) + 1)
    assert engine.count_before(text, offset) == reference_count_before(name, text, offset)


@pytest.mark.parametrize("name", PACKAGED)
@pytest.mark.parametrize("text", [" " * 1_000_000 + "x", "\ud800\ud83d\ude00", "<|endoftext|>"])
def test_equal_on_texts_that_break_tokenizers(name: str, text: str) -> None:
    pytest.importorskip("quicktok")
    fast, plain = (load_engine(name, choice, SOURCE) for choice in choices())
    assert (fast.name, plain.name) == ("quicktok", "tiktoken")
    assert fast.count(text) == plain.count(text)


def choices() -> tuple[EngineChoice, EngineChoice]:
    return "quicktok", "tiktoken"


def test_one_that_proves_itself_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, lambda name: FakeQuicktok(name, honest=1_000, error=1))
    engine = load_engine("cl100k_base", "auto", SOURCE)
    assert engine.name == "quicktok"
    assert engine.count("x" * 1_001) == reference_count("cl100k_base", "x" * 1_001) + 1


@pytest.mark.parametrize("choice", ["auto", "quicktok"])
@pytest.mark.parametrize("error", [1, -1])
def test_one_that_lies_is_left_out(
    choice: EngineChoice,
    error: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    install(monkeypatch, lambda name: FakeQuicktok(name, honest=80, error=error))
    with caplog.at_level(logging.WARNING):
        assert load_engine("o200k_base", choice, SOURCE).name == "tiktoken"
    assert "quicktok differs from tiktoken on o200k_base and is left out" in caplog.messages
    wanted = "quicktok is not usable for o200k_base; tiktoken counts instead"
    assert (wanted in caplog.messages) == (choice == "quicktok")


def test_one_that_fails_to_load_is_left_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def get_encoding(_: str) -> object:
        raise RuntimeError("no such thing")

    install(monkeypatch, get_encoding)
    with caplog.at_level(logging.WARNING):
        assert load_engine("cl100k_base", "auto", SOURCE).name == "tiktoken"
    assert caplog.messages == ["quicktok failed to load cl100k_base: RuntimeError"]


def test_one_that_fails_on_the_sample_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, lambda _: SimpleNamespace())
    assert load_engine("cl100k_base", "auto", SOURCE).name == "tiktoken"


def test_one_that_is_not_installed_is_left_out_silently(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # None in sys.modules makes the import fail.
    monkeypatch.setitem(sys.modules, "quicktok", None)
    with caplog.at_level(logging.INFO):
        assert load_engine("cl100k_base", "auto", SOURCE).name == "tiktoken"
    assert caplog.messages == []


def test_tiktoken_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, lambda name: FakeQuicktok(name, honest=1_000, error=0))
    assert load_engine("cl100k_base", "tiktoken", SOURCE).name == "tiktoken"


def test_a_failure_later_on_is_an_engine_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Breaking(FakeQuicktok):
        def count(self, text: str) -> int:
            if text == "secret":
                raise RuntimeError(text)
            return super().count(text)

    install(monkeypatch, lambda name: Breaking(name, honest=1_000, error=0))
    engine = load_engine("cl100k_base", "auto", SOURCE)
    with pytest.raises(EngineError, match="RuntimeError") as raised:
        engine.count("secret")
    assert "secret" not in str(raised.value)
