"""Which document refers to which file, and so who is concerned when a file changes."""

from __future__ import annotations

from collections.abc import Iterable

_NONE: frozenset[str] = frozenset()


class ImportGraph:
    """Edges from documents to the files that they refer to; all are named by their file keys.

    A file that is referred to need not be a document of the graph itself.
    """

    def __init__(self) -> None:
        self._imports: dict[str, frozenset[str]] = {}
        self._importers: dict[str, set[str]] = {}

    def __len__(self) -> int:
        """Count the documents."""
        return len(self._imports)

    def __contains__(self, document: str) -> bool:
        """Whether it is a document of the graph."""
        return document in self._imports

    def put(self, document: str, imports: Iterable[str]) -> None:
        """Add a document, or say what it refers to by now."""
        before, after = self._imports.get(document, _NONE), frozenset(imports)
        self._imports[document] = after
        self._forget(document, before - after)
        for key in after - before:
            self._importers.setdefault(key, set()).add(document)

    def remove(self, document: str) -> None:
        """Remove a document with its edges; others may still refer to it."""
        self._forget(document, self._imports.pop(document, _NONE))

    def imports_of(self, document: str) -> frozenset[str]:
        """The files that a document refers to itself."""
        return self._imports.get(document, _NONE)

    def importers_of(self, key: str) -> frozenset[str]:
        """The documents that refer to a file themselves."""
        return frozenset(self._importers.get(key, _NONE))

    def is_imported(self, key: str) -> bool:
        """Whether a document refers to a file."""
        return key in self._importers

    def transitive_importers(self, keys: Iterable[str]) -> frozenset[str]:
        """The documents that refer to one of the files, themselves or through others.

        One of these is among them only where it refers to one of them as well.
        """
        found: set[str] = set()
        waiting = list(keys)
        while waiting:
            new = self._importers.get(waiting.pop(), _NONE) - found
            found |= new
            waiting += new
        return frozenset(found)

    def imported(self) -> Iterable[str]:
        """Every file that some document refers to."""
        return self._importers.keys()

    def _forget(self, document: str, keys: Iterable[str]) -> None:
        for key in keys:
            importers = self._importers[key]
            importers.discard(document)
            if not importers:
                del self._importers[key]
