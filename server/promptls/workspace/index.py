"""What is known of the documents of a workspace: figures, findings and edges, no texts."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from promptls.report.model import Report
from promptls.workspace.graph import ImportGraph


@dataclass(frozen=True, slots=True)
class Examined:
    """One document as it stood when it was looked at."""

    key: str
    path: Path
    """As it was found, absolute."""
    report: Report | None = None
    """Its figures and findings, without sections and references; None: it is no prompt document."""
    imports: frozenset[str] = frozenset()
    """File keys of what it refers to itself, found or brought in."""
    readers: frozenset[tuple[Path, str]] = frozenset()
    """The imported files that hold references of their own, by their real paths, each with the
    dialect that they are read in for it."""
    open_ended: bool = False
    """Whether files that come or go may change it (globs, folders, what was not found)."""

    @property
    def matters(self) -> bool:
        """Whether there is anything to know of it."""
        return self.report is not None or bool(self.imports) or self.open_ended

    @property
    def weight(self) -> int:
        """How much there is to keep."""
        findings = 0 if self.report is None else len(self.report.findings)
        return 1 + findings + len(self.imports)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a workspace is looked at and kept."""

    documents: int = 5_000
    entries: int = 20_000
    """Entries of folders in all workspace folders together."""
    weight: int = 300_000
    """Documents, findings and edges together; each takes some hundred bytes."""


class DocumentIndex:
    """The documents of a workspace, by file key. Belongs to one thread."""

    def __init__(self, bounds: Bounds) -> None:
        self.graph = ImportGraph()
        self.full = False
        """Whether something had no room."""
        self._bounds = bounds
        self._documents: dict[str, Examined] = {}
        self._weight = 0

    def __len__(self) -> int:
        """Count the documents."""
        return len(self._documents)

    def __iter__(self) -> Iterator[Examined]:
        """Give all documents."""
        return iter(self._documents.values())

    def get(self, key: str) -> Examined | None:
        """What is known of a document."""
        return self._documents.get(key)

    def put(self, examined: Examined) -> None:
        """Take what was found out about a document, in place of what was known before."""
        self.remove(examined.key)
        if not examined.matters:
            return
        has_room = (
            len(self._documents) < self._bounds.documents
            and self._weight + examined.weight <= self._bounds.weight
        )
        if not has_room:
            self.full = True
            return
        self._documents[examined.key] = examined
        self._weight += examined.weight
        self.graph.put(examined.key, examined.imports)

    def remove(self, key: str) -> None:
        """Forget a document."""
        examined = self._documents.pop(key, None)
        if examined is not None:
            self._weight -= examined.weight
        self.graph.remove(key)

    def clear(self) -> None:
        """Forget everything."""
        self._documents.clear()
        self._weight = 0
        self.graph = ImportGraph()
        self.full = False

    def below(self, key: str) -> list[str]:
        """The documents at a key, or in a folder of that key at any depth."""
        folder = os.path.join(key, "")  # noqa: PTH118 - a string's end
        return [one for one in self._documents if one == key or one.startswith(folder)]

    def imported_below(self, key: str) -> list[str]:
        """What is referred to at a key, or in a folder of that key at any depth."""
        folder = os.path.join(key, "")  # noqa: PTH118 - a string's end
        return [one for one in self.graph.imported() if one == key or one.startswith(folder)]

    def concerned(self, keys: Collection[str], *, listing: bool) -> set[str]:
        """The documents whose figures may be others since files (or folders) changed.

        Not the files themselves. With `listing`, some of them came or went.
        """
        changed: set[str] = set(keys)
        if listing:
            for key in keys:
                changed.update(self.imported_below(key))
        found = set(self.graph.transitive_importers(changed))
        if listing:
            found.update(one.key for one in self if one.open_ended)
            found.update(self.graph.transitive_importers(found))
        return found & self._documents.keys()
