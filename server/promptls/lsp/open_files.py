"""Open documents as the file handler sees them: as they stand in the editor, unsaved edits too."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from promptls.references.model import Content, Reading

if TYPE_CHECKING:
    from promptls.lsp.open_document import OpenDocument
    from promptls.references.policy import AccessPolicy

_WITHIN = 5.0
"""Seconds that a worker waits for the loop."""


class OpenFiles:
    """Asked by workers; the texts belong to the loop and are fetched from there."""

    def __init__(
        self,
        documents: Callable[[], Mapping[str, OpenDocument]],
        policy: Callable[[], AccessPolicy],
    ) -> None:
        self._documents = documents
        self._policy = policy
        self._loop: asyncio.AbstractEventLoop | None = None
        self._paths: frozenset[str] = frozenset()
        self._contents: dict[tuple[str, str, str | None], tuple[int, Content]] = {}
        self._lock = threading.Lock()

    def opened(self, documents: Mapping[str, OpenDocument]) -> None:
        """The set of open documents has changed; on the loop."""
        self._loop = asyncio.get_running_loop()
        self._paths = frozenset(
            document.real_path for document in documents.values() if document.real_path
        )
        with self._lock:
            self._contents = {
                key: kept for key, kept in self._contents.items() if key[0] in self._paths
            }

    def content(self, path: Path, reading: Reading) -> Content | None:
        """See OpenDocuments."""
        found = self._fetch(path)
        if found is None:
            return None
        text, edits = found
        from promptls.references.files.contents import content_of_text

        dialect = None if reading.dialect is None else reading.dialect.name
        key = (os.path.normcase(path), reading.engine.encoding.name, dialect)
        with self._lock:
            kept = self._contents.get(key)
        if kept is not None and kept[0] == edits:
            return kept[1]
        name = self._policy().relative(str(path))
        content = content_of_text(str(path), name, None, text, reading)
        with self._lock:
            self._contents[key] = edits, content
        return content

    def text(self, path: Path) -> str | None:
        """See OpenDocuments."""
        found = self._fetch(path)
        return None if found is None else found[0]

    def _fetch(self, path: Path) -> tuple[str, int] | None:
        """The text with the number of its state; None when the file is not open."""
        if os.path.normcase(path) not in self._paths or self._loop is None:
            return None
        future = asyncio.run_coroutine_threadsafe(self._take(os.path.normcase(path)), self._loop)
        try:
            return future.result(_WITHIN)
        except (TimeoutError, asyncio.CancelledError):
            return None

    async def _take(self, path: str) -> tuple[str, int] | None:
        for document in self._documents().values():
            if document.real_path == path:
                return document.prompt.buffer.text(), document.edits
        return None
