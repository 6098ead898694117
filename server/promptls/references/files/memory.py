"""Contents of files that this process has read, each with the state of the file that it is of."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from threading import Lock

from cachetools import LRUCache

from promptls.references.files.stamps import Stamp
from promptls.references.model import Content, Part
from promptls.tokens.measure import Measure

MAX_BYTES = 64 << 20
_CONTENT_BYTES = 1_500
_MEASURE_BYTES = 150
_REFERENCE_BYTES = 900
"""What Python needs for them, about, beside their texts."""

_Entry = tuple[Stamp, Content]


class ContentMemory:
    """The contents that were used last. Safe to use from several threads."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._lock = Lock()
        self._entries: LRUCache[Hashable, _Entry] = LRUCache(max_bytes, _weight)

    def get(self, key: Hashable, stamp: Stamp) -> Content | None:
        """The content of a file in this state; None when another or none was read."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or entry[0] != stamp:
                return None
            content = entry[1]
            if content.level != "memory":
                content = replace(content, level="memory")
                self._entries[key] = (stamp, content)
        return content

    def put(self, key: Hashable, stamp: Stamp, content: Content) -> None:
        """Keep a content, unless it is larger than all the room there is."""
        entry = (stamp, content)
        if _weight(entry) <= self._entries.maxsize:
            with self._lock:
                self._entries[key] = entry

    def forget(self, content_keys: frozenset[str] | None) -> None:
        """Forget the contents with these keys, or all."""
        with self._lock:
            if content_keys is None:
                self._entries.clear()
                return
            for key in [
                key for key, (_, content) in self._entries.items() if content.key in content_keys
            ]:
                del self._entries[key]


def _weight(entry: _Entry) -> int:
    return _CONTENT_BYTES + sum(_part_weight(part) for part in entry[1].parts)


def _part_weight(part: Part) -> int:
    if isinstance(part, Measure):
        return _MEASURE_BYTES + len(part.head) + len(part.tail)
    return _REFERENCE_BYTES + len(part.reference.text)
