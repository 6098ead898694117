"""The table of encodings is tiktoken's."""

from __future__ import annotations

import hashlib
import importlib

import pytest
from tests.oracles.reference_encodings import PACKAGED, VOCABULARIES

from promptls.tokens.encodings import ENCODINGS, find_encoding
from promptls.tokens.errors import UnknownEncodingError

# Not typed, hence not imported by statement.
openai_public = importlib.import_module("tiktoken_ext.openai_public")


def test_every_encoding_of_tiktoken_is_there() -> None:
    assert set(ENCODINGS) == set(openai_public.ENCODING_CONSTRUCTORS)


@pytest.mark.parametrize("name", ENCODINGS)
def test_pattern_and_checksum(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str | None]] = []

    def load(url: str, expected_hash: str | None = None) -> dict[bytes, int]:
        asked.append((url.rpartition("/")[2], expected_hash))
        return {}

    monkeypatch.setattr(openai_public, "load_tiktoken_bpe", load)
    monkeypatch.setattr(openai_public, "data_gym_to_mergeable_bpe_ranks", lambda **_: {})
    built = openai_public.ENCODING_CONSTRUCTORS[name]()
    spec = find_encoding(name)
    assert spec.name == built["name"]
    assert spec.pattern == built["pat_str"]
    # gpt2's vocabulary comes as two files of another format; it is r50k_base's.
    assert asked == ([] if name == "gpt2" else [(f"{spec.vocabulary}.tiktoken", spec.sha256)])


def test_gpt2_shares_the_vocabulary_of_r50k() -> None:
    assert find_encoding("gpt2").vocabulary == "r50k_base"
    assert find_encoding("gpt2").sha256 == find_encoding("r50k_base").sha256


@pytest.mark.parametrize("name", PACKAGED)
def test_packaged_vocabulary(name: str) -> None:
    data = (VOCABULARIES / f"{name}.tiktoken").read_bytes()
    assert hashlib.sha256(data).hexdigest() == find_encoding(name).sha256


def test_unknown_name() -> None:
    with pytest.raises(UnknownEncodingError) as raised:
        find_encoding("cl200k")
    assert raised.value.code == "tokens/unknown-encoding"
    assert "'cl200k'" in raised.value.message
    assert "cl100k_base" in raised.value.way_out
