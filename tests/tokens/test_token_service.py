"""The service: what is remembered, tried again, loaded once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.oracles.reference_encodings import reference_count, tiktoken_engine

from promptls.tokens import service as service_module
from promptls.tokens.engine import Engine, EngineChoice
from promptls.tokens.errors import (
    TokenError,
    UnknownEncodingError,
    VocabularyCorruptError,
    VocabularyMissingError,
    VocabularyUnreachableError,
)
from promptls.tokens.service import TokenCountingService
from promptls.tokens.vocabularies import VocabularySource


class Loading:
    """Stands for `load_engine`: fails with each error in turn, then loads; notes the pauses."""

    def __init__(self, *errors: TokenError) -> None:
        self.errors = list(errors)
        self.calls: list[tuple[str, EngineChoice, VocabularySource]] = []
        self.pauses: list[float] = []

    def __call__(self, name: str, choice: EngineChoice, source: VocabularySource) -> Engine:
        self.calls.append((name, choice, source))
        if self.errors:
            raise self.errors.pop(0)
        return tiktoken_engine(name)


@pytest.fixture
def service() -> TokenCountingService:
    return TokenCountingService("tiktoken")


def load_by(monkeypatch: pytest.MonkeyPatch, loading: Loading) -> None:
    monkeypatch.setattr(service_module, "load_engine", loading)
    monkeypatch.setattr(time, "sleep", loading.pauses.append)


def figures(service: TokenCountingService) -> tuple[int, int, int]:
    now = service.figures()
    return now.hits, now.misses, now.size


@pytest.mark.parametrize("encoding", ["cl100k_base", "o200k_base", "o200k_harmony"])
@pytest.mark.parametrize("text", ["", "Hello, world!", "word " * 1_000, "\ud800", "<|endoftext|>"])
def test_count(service: TokenCountingService, encoding: str, text: str) -> None:
    assert service.count(text, encoding) == reference_count(encoding, text)


def test_default_encoding(service: TokenCountingService) -> None:
    text = "日本語のテキスト"
    assert service.count(text) == reference_count("cl100k_base", text)
    assert service.count(text) != service.count(text, "o200k_base")


@pytest.mark.parametrize("text", ["short", "long " * 100, "surrogate \ud800 " * 20])
def test_counts_are_remembered(service: TokenCountingService, text: str) -> None:
    first = service.count(text)
    assert figures(service) == (0, 1, 1)
    assert service.count(text) == first
    assert figures(service) == (1, 1, 1)
    service.count(text, "o200k_base")
    assert figures(service) == (1, 2, 2)


def test_the_least_recently_used_count_is_forgotten() -> None:
    service = TokenCountingService("tiktoken", capacity=2)
    for text in ("a", "b", "a", "c"):
        service.count(text)
    assert figures(service) == (1, 3, 2)
    assert service.figures().capacity == 2
    service.count("a")
    assert service.figures().hits == 2
    service.count("b")
    assert service.figures().misses == 4


def test_invalidation(service: TokenCountingService) -> None:
    service.count("a")
    service.count("a", "o200k_base")
    service.invalidate("o200k_base")
    assert figures(service) == (0, 2, 1)
    service.count("a")
    assert figures(service) == (1, 2, 1)
    service.invalidate()
    assert figures(service) == (1, 2, 0)


def test_unknown_encoding(service: TokenCountingService) -> None:
    with pytest.raises(UnknownEncodingError):
        service.count("a", "no_base")
    assert figures(service) == (0, 1, 0)


def test_missing_vocabulary(service: TokenCountingService) -> None:
    with pytest.raises(VocabularyMissingError) as raised:
        service.count("a", "p50k_base")
    assert "vocabularyFolder" in raised.value.way_out


def test_corrupt_vocabulary(tmp_path: Path) -> None:
    (tmp_path / "r50k_base.tiktoken").write_text("YQ== 0\n")
    service = TokenCountingService("tiktoken", VocabularySource(tmp_path))
    for encoding in ("r50k_base", "gpt2"):
        with pytest.raises(VocabularyCorruptError):
            service.count("a", encoding)


def unreachable() -> VocabularyUnreachableError:
    return VocabularyUnreachableError("No network.", "Try again later.")


@pytest.mark.parametrize(("failures", "pauses"), [(1, [0.5]), (2, [0.5, 2.0])])
def test_an_error_that_may_pass_is_tried_again(
    service: TokenCountingService,
    failures: int,
    pauses: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loading = Loading(*(unreachable() for _ in range(failures)))
    load_by(monkeypatch, loading)
    assert service.count("Hello") == 1
    assert loading.pauses == pauses
    assert len(loading.calls) == failures + 1


def test_tries_are_limited(service: TokenCountingService, monkeypatch: pytest.MonkeyPatch) -> None:
    loading = Loading(*(unreachable() for _ in range(5)))
    load_by(monkeypatch, loading)
    with pytest.raises(VocabularyUnreachableError):
        service.count("Hello")
    assert len(loading.calls) == 3
    assert service.loaded("cl100k_base") is None


def test_an_error_that_will_not_pass_is_raised_at_once(
    service: TokenCountingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading = Loading(VocabularyCorruptError("Bad file.", "Remove it."))
    load_by(monkeypatch, loading)
    with pytest.raises(VocabularyCorruptError):
        service.count("Hello")
    assert (len(loading.calls), loading.pauses) == (1, [])
    # The next question tries anew: by then the file may be right.
    assert service.count("Hello") == 1


def test_loaded(service: TokenCountingService) -> None:
    assert service.loaded("cl100k_base") is None
    engine = service.engine()
    assert service.loaded("cl100k_base") is engine
    assert service.engine("cl100k_base") is engine


def test_configure(service: TokenCountingService, tmp_path: Path) -> None:
    engine = service.engine()
    service.configure("tiktoken", VocabularySource())
    assert service.loaded("cl100k_base") is engine
    service.configure("tiktoken", VocabularySource(tmp_path))
    assert service.loaded("cl100k_base") is None
    assert service.engine() is not engine


def test_an_engine_that_was_loaded_for_other_settings_is_not_kept(
    service: TokenCountingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading = Loading()

    def load(name: str, choice: EngineChoice, source: VocabularySource) -> Engine:
        if not loading.calls:
            service.configure("auto", source)
        return loading(name, choice, source)

    monkeypatch.setattr(service_module, "load_engine", load)
    service.engine()
    assert service.loaded("cl100k_base") is None
    service.engine()
    assert service.loaded("cl100k_base") is not None
    assert [choice for _, choice, _ in loading.calls] == ["tiktoken", "auto"]


def test_many_threads_load_once_and_count_exactly(
    service: TokenCountingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading = Loading()
    begun = threading.Barrier(4)

    def count(thread: int) -> list[int]:
        begun.wait()
        return [service.count(f"text {number % 50} ") for number in range(thread, thread + 200)]

    load_by(monkeypatch, loading)
    with ThreadPoolExecutor(4) as pool:
        counted = list(pool.map(count, range(4)))
    assert len(loading.calls) == 1
    expected = {n: reference_count("cl100k_base", f"text {n} ") for n in range(50)}
    for thread, counts in enumerate(counted):
        assert counts == [expected[number % 50] for number in range(thread, thread + 200)]
    assert sum(figures(service)[:2]) == 800
