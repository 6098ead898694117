"""tiktoken's encodings from the vocabularies in the package, without a network."""

import base64
import importlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import tiktoken

import promptls

# Not typed, hence not imported by statement.
openai_public = importlib.import_module("tiktoken_ext.openai_public")
VOCABULARIES = Path(promptls.__file__).parent / "tokens" / "vocabularies"


def _ranks(url: str, expected_hash: str | None = None) -> dict[bytes, int]:
    lines = (VOCABULARIES / url.rpartition("/")[2]).read_bytes().splitlines()
    return {base64.b64decode(token): int(rank) for token, rank in map(bytes.split, lines)}


@pytest.fixture(scope="session")
def encoding() -> Callable[[str], tiktoken.Encoding]:
    @cache
    def load(name: str) -> tiktoken.Encoding:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(openai_public, "load_tiktoken_bpe", _ranks)
            return tiktoken.Encoding(**openai_public.ENCODING_CONSTRUCTORS[name]())

    return load
