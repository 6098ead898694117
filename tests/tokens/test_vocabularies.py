"""Where vocabularies come from, and what is said when they do not come."""

from __future__ import annotations

import hashlib
import logging
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import tiktoken
from tests.oracles.reference_encodings import PACKAGED, VOCABULARIES, reference_encoding

from promptls.tokens.encodings import find_encoding
from promptls.tokens.errors import (
    TokenError,
    VocabularyCorruptError,
    VocabularyMissingError,
    VocabularyUnreachableError,
)
from promptls.tokens.vocabularies import VocabularySource, load_ranks

P50K = find_encoding("p50k_base")
TINY = b"YQ== 0\nYg== 1\nYWI= 2\n"


@pytest.mark.parametrize("name", PACKAGED)
def test_packaged(name: str) -> None:
    ranks = load_ranks(find_encoding(name), VocabularySource())
    assert ranks == reference_encoding(name)._mergeable_ranks


def test_missing() -> None:
    with pytest.raises(VocabularyMissingError) as raised:
        load_ranks(P50K, VocabularySource())
    error = raised.value
    assert error.code == "tokens/vocabulary-missing"
    assert not error.transient
    assert error.message == "The vocabulary of p50k_base is not installed."
    for way in ("`vocabularyDownload`", "p50k_base.tiktoken", "`vocabularyFolder`", "cl100k_base"):
        assert way in error.way_out


def test_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "p50k_base.tiktoken").write_bytes(TINY)
    spec = replace(P50K, sha256=hashlib.sha256(TINY).hexdigest())
    assert load_ranks(spec, VocabularySource(tmp_path)) == {b"a": 0, b"b": 1, b"ab": 2}


def test_the_package_comes_before_a_folder(tmp_path: Path) -> None:
    (tmp_path / "cl100k_base.tiktoken").write_bytes(TINY)
    ranks = load_ranks(find_encoding("cl100k_base"), VocabularySource(tmp_path))
    assert len(ranks) == 100_256


def test_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "p50k_base.tiktoken"
    shutil.copyfile(VOCABULARIES / "cl100k_base.tiktoken", path)
    with pytest.raises(VocabularyCorruptError) as raised:
        load_ranks(P50K, VocabularySource(tmp_path, download=True))
    error = raised.value
    assert error.code == "tokens/vocabulary-corrupt"
    assert not error.transient
    assert str(path) in error.message
    assert error.way_out.startswith("Remove the file")


def test_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "p50k_base.tiktoken"
    path.write_bytes(TINY)

    def read_bytes(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    with pytest.raises(VocabularyMissingError, match="Permission denied") as raised:
        load_ranks(P50K, VocabularySource(tmp_path))
    assert raised.value.way_out == "Check its permissions."


def test_download(monkeypatch: pytest.MonkeyPatch) -> None:
    downloaded = SimpleNamespace(_mergeable_ranks={b"a": 0})
    monkeypatch.setattr(tiktoken, "get_encoding", {"p50k_base": downloaded}.__getitem__)
    assert load_ranks(P50K, VocabularySource(download=True)) == {b"a": 0}


@pytest.mark.parametrize(
    ("failure", "expected", "transient"),
    [
        (ConnectionError("secret.example.org"), VocabularyUnreachableError, True),
        (TimeoutError(), VocabularyUnreachableError, True),
        (ValueError("Hash mismatch"), VocabularyCorruptError, False),
    ],
)
def test_failed_download(
    failure: Exception,
    expected: type[TokenError],
    transient: bool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def get_encoding(_: str) -> object:
        raise failure

    monkeypatch.setattr(tiktoken, "get_encoding", get_encoding)
    with caplog.at_level(logging.DEBUG), pytest.raises(expected) as raised:
        load_ranks(P50K, VocabularySource(download=True))
    assert raised.value.transient is transient
    assert raised.value.way_out
    assert "secret" not in str(raised.value)
