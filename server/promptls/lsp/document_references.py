"""What the session knows of the references of one open document."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from pathlib import Path

from promptls.references.expansion import Expander, Limits
from promptls.references.graph import EdgeKey, Graph
from promptls.references.model import Awaited, Blocked, Failed, Found, NotFound, Outcome, Site
from promptls.report.document import PromptDocument
from promptls.tokens.engine import Engine

Made = tuple[Site, Engine, Limits]
"""What outcomes depend on beside the reference itself."""


class DocumentReferences:
    """Outcomes that still hold, with the graph and the expansion made of them."""

    def __init__(self) -> None:
        self.known: dict[EdgeKey, Outcome] = {}
        self.epoch = 0
        """Grows whenever outcomes that were asked for before do not hold any more."""
        self.made_for: Made | None = None
        self.graph: Graph | None = None
        self.expander: Expander | None = None
        self.task: asyncio.Task[None] | None = None
        self.awake = asyncio.Event()
        """Set when there may be something to do."""
        self.again = False
        """Whether something has changed since the pass under way began."""
        self.told_pending = False
        """Whether figures may have been given as pending since the last pass."""
        self.paths: frozenset[str] = frozenset()
        """The files that the document brings in, transitively, by their real paths."""

    def is_first_pass(self, prompt: PromptDocument) -> bool:
        """Whether nothing is known of the references yet: there will be more to tell soon."""
        return self.graph is None and prompt.pending_references > 0

    def judge_by(self, made: Made) -> None:
        """Forget outcomes that were made under other conditions."""
        if made != self.made_for:
            self.made_for = made
            self.forget_all()
            self.expander = None

    def forget_all(self) -> None:
        """Forget all outcomes, also those that are still to come from before."""
        self.known = {}
        self.epoch += 1

    def keep(self, graph: Graph, expander: Expander) -> None:
        """Take the outcome of a pass."""
        self.graph, self.expander = graph, expander
        came = {  # while the pass was under way
            edge: self.known[edge]
            for edge, outcome in graph.outcomes.items()
            if isinstance(outcome, Awaited) and edge in self.known
        }
        self.known = came | {
            edge: outcome
            for edge, outcome in graph.outcomes.items()
            if not isinstance(outcome, Awaited)
        }
        self.paths = frozenset(
            os.path.normcase(content.path)
            for content in graph.contents.values()
            if content.path is not None
        )

    def forget_files(self, paths: Iterable[str], *, listing: bool) -> bool:
        """Forget outcomes that depend on these files; tells whether there were any.

        With `listing`, files came or went: then also what was not found, and globs and folders.
        """
        wanted = frozenset(paths)
        gone = [
            edge
            for edge, outcome in self.known.items()
            # A name that nothing defined may stand in the file of variables that changed.
            if edge[1][0] != "api"
            and _depends(outcome, wanted, listing=listing or edge[1][0] == "var")
        ]
        for edge in gone:
            del self.known[edge]
        return bool(gone)

    def forget_kind(self, kind: str) -> bool:
        """Forget all outcomes of one kind of reference; tells whether there were any."""
        gone = [edge for edge in self.known if edge[1][0] == kind]
        for edge in gone:
            del self.known[edge]
        return bool(gone)

    def forget_missing(self) -> bool:
        """Forget what may come yet (`missing`); tells whether there was anything."""
        gone = [edge for edge, outcome in self.known.items() if _may_grow(outcome)]
        for edge in gone:
            del self.known[edge]
        return bool(gone)

    def missing(self) -> bool:
        """Whether something was not found that may come yet, or may come into a glob or folder."""
        return any(_may_grow(outcome) for outcome in self.known.values())

    def forget_failures(self, now: float) -> bool:
        """Forget failures whose source may be asked again; tells whether there were any."""
        gone = [
            edge
            for edge, outcome in self.known.items()
            if isinstance(outcome, Failed)
            and outcome.retry_at is not None
            and outcome.retry_at <= now
        ]
        for edge in gone:
            del self.known[edge]
        return bool(gone)

    def next_try(self) -> float | None:
        """When the first failed source is to be asked again, in seconds since 1970."""
        return min(
            (
                outcome.retry_at
                for outcome in self.known.values()
                if isinstance(outcome, Failed) and outcome.retry_at is not None
            ),
            default=None,
        )


def _may_grow(outcome: Outcome) -> bool:
    return isinstance(outcome, NotFound) or (isinstance(outcome, Found) and outcome.many)


def _depends(outcome: Outcome, paths: frozenset[str], *, listing: bool) -> bool:
    if isinstance(outcome, Found):
        if listing and outcome.many:
            return True
        # Of a folder that went, clients tell without telling of what was in it.
        folders = tuple(os.path.join(path, "") for path in paths) if listing else ()  # noqa: PTH118
        return any(
            content.path is None
            or (path := os.path.normcase(content.path)) in paths
            or path.startswith(folders)
            for content in outcome.contents
        )
    if isinstance(outcome, (Failed, Blocked)):
        return True
    return listing and isinstance(outcome, NotFound)


def real_path(path: Path) -> str:
    """A path as the file handler knows it."""
    return os.path.normcase(os.path.realpath(path))
