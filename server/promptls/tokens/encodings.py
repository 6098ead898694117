"""tiktoken's encodings: name, vocabulary file with checksum, splitting pattern.

Patterns and checksums are those of `tiktoken_ext.openai_public` (tiktoken 0.14); a test compares
them. Special tokens play no part: ordinary encoding treats them as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from promptls.tokens.errors import UnknownEncodingError

CutFamily = Literal["r50k", "cl100k", "o200k"]
"""Encodings whose patterns allow the same safe cuts (see `cuts`)."""

DEFAULT_ENCODING = "cl100k_base"

_R50K_PATTERN = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"
_CL100K_PATTERN = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+"
    r"| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
)
_O200K_PATTERN = "|".join(
    (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)


@dataclass(frozen=True, slots=True)
class EncodingSpec:
    """What is needed to build one encoding."""

    name: str
    vocabulary: str
    """Name of the vocabulary file without `.tiktoken`; several encodings share one."""
    sha256: str
    pattern: str
    family: CutFamily


_R50K_SHA = "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930"
_P50K_SHA = "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069"
_CL100K_SHA = "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7"
_O200K_SHA = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"

ENCODINGS: dict[str, EncodingSpec] = {
    spec.name: spec
    for spec in (
        EncodingSpec("cl100k_base", "cl100k_base", _CL100K_SHA, _CL100K_PATTERN, "cl100k"),
        EncodingSpec("o200k_base", "o200k_base", _O200K_SHA, _O200K_PATTERN, "o200k"),
        EncodingSpec("o200k_harmony", "o200k_base", _O200K_SHA, _O200K_PATTERN, "o200k"),
        EncodingSpec("p50k_base", "p50k_base", _P50K_SHA, _R50K_PATTERN, "r50k"),
        EncodingSpec("p50k_edit", "p50k_base", _P50K_SHA, _R50K_PATTERN, "r50k"),
        EncodingSpec("r50k_base", "r50k_base", _R50K_SHA, _R50K_PATTERN, "r50k"),
        # GPT-2's vocabulary is r50k_base's, in another file format.
        EncodingSpec("gpt2", "r50k_base", _R50K_SHA, _R50K_PATTERN, "r50k"),
    )
}


def find_encoding(name: str) -> EncodingSpec:
    """The encoding of that name; UnknownEncodingError when there is none."""
    spec = ENCODINGS.get(name)
    if spec is None:
        raise UnknownEncodingError(
            f"There is no encoding called {name!r}.", f"Use one of {', '.join(ENCODINGS)}."
        )
    return spec
