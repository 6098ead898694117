"""Counting as a service: engines loaded once, results remembered, errors typed."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from dataclasses import dataclass

from cachetools import LRUCache

from promptls.tokens.encodings import DEFAULT_ENCODING, find_encoding
from promptls.tokens.engine import Engine, EngineChoice, load_engine
from promptls.tokens.errors import TokenError
from promptls.tokens.vocabularies import VocabularySource

logger = logging.getLogger(__name__)

_RETRY_PAUSES = (0.5, 2.0)
"""Seconds before the second and third try of an error that may pass (a download)."""
_SHORT = 64
"""Texts up to this length are their own key; of longer ones a digest is kept, not the text."""


@dataclass(frozen=True, slots=True)
class CacheFigures:
    """How often a count was remembered, and how often it had to be made."""

    hits: int
    misses: int
    size: int
    capacity: int


class TokenCountingService:
    """Exact counts of texts in any encoding. Safe to use from several threads.

    Engines are loaded at first use (0.1 to 0.3 s). Counts of whole texts are kept in an LRU cache.
    """

    def __init__(
        self,
        engine: EngineChoice = "auto",
        source: VocabularySource | None = None,
        *,
        capacity: int = 4096,
    ) -> None:
        self._choice: EngineChoice = engine
        self._source = source or VocabularySource()
        self._engines: dict[str, Engine] = {}
        self._loading: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._counts: LRUCache[tuple[str, str | bytes], int] = LRUCache(capacity)
        self._hits = 0
        self._misses = 0

    def configure(self, engine: EngineChoice, source: VocabularySource) -> None:
        """Use another engine or source from now on; loaded engines are kept if nothing changed."""
        with self._lock:
            if (engine, source) == (self._choice, self._source):
                return
            self._choice, self._source = engine, source
            self._engines.clear()
            self._loading.clear()

    def loaded(self, encoding: str) -> Engine | None:
        """The engine if it is there already; never blocks."""
        return self._engines.get(encoding)

    def engine(self, encoding: str = DEFAULT_ENCODING) -> Engine:
        """The engine of an encoding, loaded if need be; raises a TokenError.

        An error that may pass is tried again; one that will not is raised at once.
        """
        engine = self._engines.get(encoding)
        if engine is not None:
            return engine
        find_encoding(encoding)
        with self._lock:
            lock = self._loading.setdefault(encoding, threading.Lock())
            choice, source = self._choice, self._source
        with lock:
            engine = self._engines.get(encoding)
            if engine is None:
                engine = _load_with_retries(encoding, choice, source)
                with self._lock:
                    if (choice, source) == (self._choice, self._source):
                        self._engines[encoding] = engine
        return engine

    def count(self, text: str, encoding: str = DEFAULT_ENCODING) -> int:
        """Tokens of the text, equal to tiktoken's `encode_ordinary`; raises a TokenError."""
        key = (encoding, _key(text))
        with self._lock:
            known = self._counts.get(key)
            if known is not None:
                self._hits += 1
                return known
            self._misses += 1
        tokens = self.engine(encoding).count(text)
        with self._lock:
            self._counts[key] = tokens
        return tokens

    def invalidate(self, encoding: str | None = None) -> None:
        """Forget remembered counts, of one encoding or of all."""
        with self._lock:
            for key in [key for key in self._counts if encoding in (None, key[0])]:
                del self._counts[key]

    def figures(self) -> CacheFigures:
        """Hits and misses since the service was made."""
        with self._lock:
            return CacheFigures(
                self._hits, self._misses, len(self._counts), int(self._counts.maxsize)
            )


def _load_with_retries(encoding: str, choice: EngineChoice, source: VocabularySource) -> Engine:
    for pause in _RETRY_PAUSES:
        try:
            return load_engine(encoding, choice, source)
        except TokenError as error:
            if not error.transient:
                raise
            logger.info("%s: trying again in %s s", error.code, pause)
            time.sleep(pause)
    return load_engine(encoding, choice, source)


def _key(text: str) -> str | bytes:
    if len(text) <= _SHORT:
        return text
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
