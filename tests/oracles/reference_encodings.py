"""tiktoken itself, built as its own users build it, from the vocabularies in the package."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest
import tiktoken

import promptls
from promptls.tokens.engine import Engine, load_engine
from promptls.tokens.vocabularies import VocabularySource

PACKAGED = ("cl100k_base", "o200k_base")
"""The encodings whose vocabularies are in the package."""
VOCABULARIES = Path(promptls.__file__).parent / "tokens" / "vocabularies"
_URL = "https://openaipublic.blob.core.windows.net/encodings/{}.tiktoken"


@cache
def reference_encoding(name: str) -> tiktoken.Encoding:
    """tiktoken's encoding, read through its download cache; no network is needed."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for packaged in PACKAGED:
            # tiktoken names what it has downloaded by the hash of the address.
            file_name = hashlib.sha1(_URL.format(packaged).encode()).hexdigest()  # noqa: S324
            shutil.copyfile(VOCABULARIES / f"{packaged}.tiktoken", Path(folder) / file_name)
        patch.setenv("TIKTOKEN_CACHE_DIR", folder)
        return tiktoken.get_encoding(name)


def reference_count(name: str, text: str) -> int:
    """The tokens of a whole text."""
    return len(reference_encoding(name).encode_ordinary(text))


def reference_count_before(name: str, text: str, offset: int) -> int:
    """The tokens of the whole text whose first byte lies before a character."""
    encoding = reference_encoding(name)
    limit = len(text[:offset].encode("utf-8", "surrogatepass"))
    begin = number = 0
    for token in encoding.encode_ordinary(text):
        if begin >= limit:
            break
        begin += len(encoding.decode_single_token_bytes(token))
        number += 1
    return number


@cache
def tiktoken_engine(name: str) -> Engine:
    """The engine under test for an encoding of the package."""
    return load_engine(name, "tiktoken", VocabularySource())
