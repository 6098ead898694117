"""What can go wrong while counting, each with a code and a way out."""

from __future__ import annotations


class TokenError(Exception):
    """A count that could not be made.

    `code` is a finding code, `way_out` tells what to do, `transient` whether trying again can help.
    """

    code = "tokens/failed"
    transient = False

    def __init__(self, message: str, way_out: str) -> None:
        super().__init__(f"{message} {way_out}")
        self.message = message
        self.way_out = way_out


class UnknownEncodingError(TokenError):
    """The name is none of tiktoken's encodings."""

    code = "tokens/unknown-encoding"


class VocabularyMissingError(TokenError):
    """The vocabulary is not in the package, not in the folder, and could not be downloaded."""

    code = "tokens/vocabulary-missing"


class VocabularyUnreachableError(VocabularyMissingError):
    """The download failed in a way that may pass."""

    transient = True


class VocabularyCorruptError(TokenError):
    """A vocabulary file does not have the checksum that tiktoken checks as well."""

    code = "tokens/vocabulary-corrupt"


class EngineError(TokenError):
    """The tokenizer itself failed on a text."""

    code = "tokens/engine-failed"
