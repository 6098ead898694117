"""Reading a vocabulary from the package, a folder, or (when allowed) tiktoken's own download."""

from __future__ import annotations

import hashlib
from binascii import a2b_base64
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from promptls.tokens.encodings import EncodingSpec
from promptls.tokens.errors import (
    VocabularyCorruptError,
    VocabularyMissingError,
    VocabularyUnreachableError,
)

_PACKAGED = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class VocabularySource:
    """Where vocabularies may come from besides the package."""

    folder: Path | None = None
    """A folder of the user's with `NAME.tiktoken` files."""
    download: bool = False
    """Whether tiktoken may download one that is missing (never in an untrusted workspace)."""


def load_ranks(spec: EncodingSpec, source: VocabularySource) -> dict[bytes, int]:
    """Token bytes to rank. The file's sha256 is checked first.

    Raises VocabularyMissingError, VocabularyUnreachableError (transient) or
    VocabularyCorruptError.
    """
    file_name = f"{spec.vocabulary}.tiktoken"
    for folder in (_PACKAGED, source.folder):
        if folder is not None and (folder / file_name).is_file():
            return _read(folder / file_name, spec)
    if source.download:
        return _download(spec)
    raise VocabularyMissingError(
        f"The vocabulary of {spec.name} is not installed.", _way_out(spec, source)
    )


def _read(path: Path, spec: EncodingSpec) -> dict[bytes, int]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise VocabularyMissingError(
            f"{path} could not be read ({error.strerror}).", "Check its permissions."
        ) from error
    if hashlib.sha256(data).hexdigest() != spec.sha256:
        raise VocabularyCorruptError(
            f"{path} is not tiktoken's {spec.vocabulary} (its sha256 differs).",
            "Remove the file, or install promptls again if it is in the package.",
        )
    # Lines of "base64 rank"; the ranks count from 0, which the checksum vouches for.
    return dict(zip(map(a2b_base64, data.split()[::2]), count()))


def _download(spec: EncodingSpec) -> dict[bytes, int]:
    import tiktoken

    try:
        return dict(tiktoken.get_encoding(spec.name)._mergeable_ranks)
    except ValueError as error:
        raise VocabularyCorruptError(
            f"The downloaded vocabulary of {spec.name} was refused.", "Try again later."
        ) from error
    except Exception as error:
        raise VocabularyUnreachableError(
            f"The vocabulary of {spec.name} could not be downloaded ({type(error).__name__}).",
            _way_out(spec, VocabularySource(download=True)),
        ) from error


def _way_out(spec: EncodingSpec, source: VocabularySource) -> str:
    ways = [
        f"put {spec.vocabulary}.tiktoken into a folder and name it in the machine setting "
        "`vocabularyFolder`",
        "use cl100k_base or o200k_base, which need no network",
    ]
    if not source.download:
        ways.insert(0, "trust the workspace (or run with --trust) with `vocabularyDownload` on")
    return f"Either {', or '.join(ways)}."
