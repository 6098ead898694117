"""Tokenizers behind one interface: tiktoken by default, quicktok where it is installed."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator, Sequence
from typing import Literal, Protocol

from promptls.tokens.cuts import Cuts
from promptls.tokens.encodings import EncodingSpec, find_encoding
from promptls.tokens.errors import EngineError
from promptls.tokens.vocabularies import VocabularySource, load_ranks

logger = logging.getLogger(__name__)

EngineChoice = Literal["auto", "tiktoken", "quicktok"]

DIRECT_MAX = 200_000
"""Characters that tiktoken is given at once when they hold no safe cut.

Its regular expressions stop with a panic after about a million steps of backtracking, which a run
of white space (any encoding) or of capitals (o200k_base) needs once or twice a character.
"""
_PIECE = 1 << 16
_SEPARATOR = "\U0010fffdpromptls\U0010fffd"
"""Private-use characters; a batch that holds this very text is counted one by one."""
_SEPARATORS = frozenset({_SEPARATOR})
_SEPARATOR_RANK = 0xFFFF_FFFE
_RANK_BYTES = 4
_SEPARATOR_BYTES = _SEPARATOR_RANK.to_bytes(_RANK_BYTES, sys.byteorder)
_SURROGATES = re.compile("[\ud800-\udfff]")


class Engine(Protocol):
    """Counts tokens in one encoding, exactly as tiktoken's `encode_ordinary` does.

    Safe to call from several threads at once. Any string is accepted, lone surrogates included
    (they count as U+FFFD, as in tiktoken).
    """

    name: str
    encoding: EncodingSpec
    cuts: Cuts

    def count(self, text: str) -> int:
        """Tokens of the text; EngineError when the tokenizer fails."""

    def count_batch(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text by itself."""

    def count_before(self, text: str, at: int) -> int:
        """Tokens of `text` whose first byte lies before the character at `at`."""


class TiktokenEngine:
    """tiktoken, with the vocabulary from the package."""

    name = "tiktoken"

    def __init__(self, spec: EncodingSpec, source: VocabularySource) -> None:
        import tiktoken

        self.encoding = spec
        self.cuts = Cuts(spec.family)
        self._tiktoken = tiktoken.Encoding(
            spec.name,
            pat_str=spec.pattern,
            mergeable_ranks=load_ranks(spec, source),
            special_tokens={_SEPARATOR: _SEPARATOR_RANK},
        )
        # Only Python code that we do not call reads this copy of the ranks (10 MB for cl100k_base).
        self._tiktoken._mergeable_ranks = {}
        self._encode = self._tiktoken._core_bpe.encode_ordinary
        self._encode_with = self._tiktoken._core_bpe.encode_to_tiktoken_buffer

    def count(self, text: str) -> int:
        """See Engine."""
        if len(text) > DIRECT_MAX:
            return sum(self._count_stretch(piece) for piece in stretches(text, self.cuts))
        return self._count_stretch(text)

    def count_batch(self, texts: Sequence[str]) -> list[int]:
        """See Engine.

        One call for all of them, which lets other threads run meanwhile: the texts are joined by a
        special token, at which tiktoken cuts before anything else.
        """
        joined = _SEPARATOR.join(texts)
        if len(texts) < 2 or len(joined) > DIRECT_MAX or joined.count(_SEPARATOR) >= len(texts):
            return [self.count(text) for text in texts]
        try:
            encoded = bytes(self._encode_with(joined, _SEPARATORS))
        except UnicodeEncodeError:
            return [self.count(text) for text in texts]
        return _lengths(encoded)

    def count_before(self, text: str, at: int) -> int:
        """See Engine."""
        if at >= len(text):
            return self.count(text)
        limit = len(replace_surrogates(text[:at]).encode())
        text = replace_surrogates(text)
        tokens = self._encode(text) if len(text) <= DIRECT_MAX else self._encode_by_pieces(text)
        position = 0
        for number, token in enumerate(tokens):
            if position >= limit:
                return number
            position += len(self._tiktoken.decode_single_token_bytes(token))
        return self.count(text)

    def _count_stretch(self, text: str) -> int:
        try:
            if len(text) > DIRECT_MAX:
                return sum(1 for _ in self._encode_by_pieces(replace_surrogates(text)))
            return len(self._encode(text))
        except UnicodeEncodeError:
            return self._count_stretch(replace_surrogates(text))
        except Exception as error:
            raise _failure(self.name, error) from None
        except BaseException as error:
            # A Rust panic arrives as an exception that is none of Exception's.
            if type(error).__name__ == "PanicException":
                raise _failure(self.name, error) from None
            raise

    def _encode_by_pieces(self, text: str) -> Iterator[int]:
        """Split with a regular expression engine that has no limit, merge piece by piece."""
        import regex  # type: ignore[import-untyped]

        encode = self._tiktoken._core_bpe.encode_single_piece
        for match in regex.finditer(self.encoding.pattern, text):
            yield from encode(match[0].encode())


class QuicktokEngine:
    """quicktok (`promptls[fast]`); used only once it has proved itself, see `load_engine`."""

    name = "quicktok"

    def __init__(self, spec: EncodingSpec) -> None:
        import quicktok

        self.encoding = spec
        self.cuts = Cuts(spec.family)
        self._quicktok = quicktok.get_encoding(spec.name)

    def count(self, text: str) -> int:
        """See Engine."""
        try:
            return int(self._quicktok.count(text))
        except (TypeError, UnicodeError):
            return int(self._quicktok.count(replace_surrogates(text)))
        except Exception as error:
            raise _failure(self.name, error) from None

    def count_batch(self, texts: Sequence[str]) -> list[int]:
        """See Engine."""
        return [self.count(text) for text in texts]

    def count_before(self, text: str, at: int) -> int:
        """See Engine."""
        if at >= len(text):
            return self.count(text)
        limit = len(replace_surrogates(text[:at]).encode())
        text = replace_surrogates(text)
        position = 0
        ids = self._quicktok.encode_ordinary(text)
        for number, token in enumerate(ids):
            if position >= limit:
                return number
            position += len(self._quicktok.decode_bytes([token]))
        return len(ids)


def stretches(text: str, cuts: Cuts) -> list[str]:
    """The text in pieces of about 64 KB, cut where it is safe; longer where there is no cut."""
    pieces = []
    start = 0
    while len(text) - start > _PIECE:
        stop = cuts.after(text, start + _PIECE)
        if stop is None:
            # The last cut may still lie before the point where we began to look.
            tail = cuts.before(text, start + _PIECE)
            if tail is not None and tail > start:
                pieces.append(text[start:tail])
                start = tail
            break
        pieces.append(text[start:stop])
        start = stop
    pieces.append(text[start:])
    return pieces


def _lengths(encoded: bytes) -> list[int]:
    """How many ranks of 32 bits stand between separators."""
    lengths = []
    start = position = 0
    while (position := encoded.find(_SEPARATOR_BYTES, position)) >= 0:
        # The bytes may also lie across two ranks.
        if position % _RANK_BYTES:
            position += 1
            continue
        lengths.append((position - start) // _RANK_BYTES)
        start = position = position + _RANK_BYTES
    lengths.append((len(encoded) - start) // _RANK_BYTES)
    return lengths


def replace_surrogates(text: str) -> str:
    """What tiktoken makes of surrogates: two that are a pair joined, lone ones U+FFFD."""
    if text.isascii() or not _SURROGATES.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def load_engine(name: str, choice: EngineChoice, source: VocabularySource) -> Engine:
    """The engine for an encoding; raises the errors of `find_encoding` and `load_ranks`.

    Takes 0.1 to 0.3 s for a vocabulary: call it off the loop.
    """
    spec = find_encoding(name)
    if choice != "tiktoken":
        fast = _load_quicktok(spec)
        if fast is not None:
            return fast
        if choice == "quicktok":
            logger.warning("quicktok is not usable for %s; tiktoken counts instead", name)
    return TiktokenEngine(spec, source)


def _load_quicktok(spec: EncodingSpec) -> Engine | None:
    from promptls.tokens.proof import proves_itself

    try:
        engine = QuicktokEngine(spec)
    except ImportError:
        return None
    except Exception as error:
        logger.warning("quicktok failed to load %s: %s", spec.name, type(error).__name__)
        return None
    if not proves_itself(engine):
        logger.warning("quicktok differs from tiktoken on %s and is left out", spec.name)
        return None
    return engine


def _failure(engine: str, error: BaseException) -> EngineError:
    return EngineError(
        f"{engine} failed on a text ({type(error).__name__}).",
        "Please report it with the text that you can share; another engine may count it.",
    )
