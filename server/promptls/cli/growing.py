"""Makes the import tree of a document that was analysed.

It goes the same way as `references.expansion`, which has counted the document; both ask `place`
what stands where. What lies below a content is shown once, and its figures at each place.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from promptls.cli.import_tree import ContentNode, ImportTree, ReferenceNode
from promptls.cli.places import shown_path
from promptls.prompts.references import Reference
from promptls.references.expansion import Expander, Limits, place
from promptls.references.graph import ROOT, Graph
from promptls.references.model import Blocked, Content, Embedded, Found, NotFound, Notice
from promptls.references.resolution import Resolution, Status
from promptls.report.analysis import Analysis
from promptls.report.references import is_shown
from promptls.report.site import limits_of
from promptls.tokens.engine import Engine
from promptls.tokens.measure import Measure, join, measure, total


def grow(path: str, analysis: Analysis, levels: int | None, current: Path) -> ImportTree:
    """The tree of a document, so many levels deep (None: all).

    `path` is what output calls the document; files are named from the absolute folder `current`.
    Raises a TokenError.
    """
    report, document = analysis.report, analysis.document
    references: list[ReferenceNode] = []
    if document.counter is not None:
        limits = limits_of(document.dialect, analysis.context)
        walk = _Walk(analysis.graph, document.counter.engine, limits, levels, current)
        references = [
            walk.own(reference, resolution, placed.line)
            for placed in document.placed()
            for reference, resolution in placed.pairs()
            if is_shown(reference, resolution)
        ]
    return ImportTree(
        path,
        report.dialect,
        report.encoding,
        report.tokens,
        report.expanded_tokens,
        tuple(references),
    )


class _Walk:
    """One way through everything that a document brings in, in the order of its text."""

    def __init__(
        self,
        graph: Graph | None,
        engine: Engine,
        limits: Limits,
        levels: int | None,
        current: Path,
    ) -> None:
        self._graph = graph or Graph(ROOT)
        self._engine = engine
        self._limits = limits
        self._expander = Expander(self._graph, engine, limits)
        self._levels = sys.maxsize if levels is None else levels
        self._current = current
        self._shown: set[str] = set()
        """Contents of which it has been shown what they bring in."""
        self._used: set[str] = set()
        """Contents that are in already, for dialects that bring each in once."""

    def own(self, reference: Reference, resolution: Resolution, line: int) -> ReferenceNode:
        """A reference of the document itself."""
        status = resolution.status
        told = status in ("failed", "blocked", "stale") and resolution.notices
        contents: tuple[ContentNode, ...] = ()
        outcome = self._graph.outcome(self._graph.root, reference)
        if isinstance(outcome, Found) and resolution.tokens is not None and _is_sent(reference):
            keys = {content.key for content in outcome.contents}
            added = keys - self._used if self._limits.repeats == "once" else keys
            stack = (self._graph.root,)
            contents = self._contents(outcome.contents, added, stack, self._limits.depth - 1)
        return ReferenceNode(
            reference,
            line,
            status,
            resolution.notices[0][0] if told else None,
            resolution.tokens,
            resolution.expanded_tokens,
            contents,
        )

    def _contents(
        self,
        contents: Sequence[Content],
        added: Collection[str],
        stack: tuple[str, ...],
        depth: int,
    ) -> tuple[ContentNode, ...]:
        """Contents in their order; those that are not `added` are in already, or not put in."""
        return tuple(
            self._content(content, stack, depth)
            if content.key in added
            else ContentNode(self._name(content), content.uri, self._own(content), 0, True)
            for content in contents
        )

    def _content(self, content: Content, stack: tuple[str, ...], depth: int) -> ContentNode:
        used = set(self._used)
        expanded = self._expander.expand((content,), stack, depth, used)
        tokens = None if expanded.too_large else total(expanded.measure, self._engine)
        repeated = content.key in self._shown
        references: tuple[ReferenceNode, ...] = ()
        if not repeated and len(stack) < self._levels:
            self._shown.add(content.key)
            self._used.add(content.key)
            references = tuple(self._inside(content, (*stack, content.key), depth))
        self._used = used
        return ContentNode(
            self._name(content), content.uri, self._own(content), tokens, repeated, references
        )

    def _inside(
        self, content: Content, stack: tuple[str, ...], depth: int
    ) -> Iterator[ReferenceNode]:
        for part in content.parts:
            if isinstance(part, Embedded):
                node = self._embedded(part, stack, depth)
                if node is not None:
                    yield node

    def _embedded(self, part: Embedded, stack: tuple[str, ...], depth: int) -> ReferenceNode | None:
        """A reference inside of a content; None for what is no reference after all."""
        reference, line = part.reference, part.line
        outcome = self._graph.outcome(stack[-1], reference)
        placed = place(reference, self._graph, stack, depth, self._used, self._limits.repeats)
        if isinstance(placed, Notice):
            status: Status = "blocked" if isinstance(outcome, Blocked) else "failed"
            return ReferenceNode(reference, line, status, placed)
        if placed is None:
            if isinstance(outcome, NotFound) and reference.certain:  # an optional one
                return ReferenceNode(reference, line, "failed", outcome.notice)
            if not isinstance(outcome, Found):
                return None
        if not isinstance(outcome, Found):
            return ReferenceNode(reference, line, "deferred")
        found = outcome.contents
        added = {content.key for content in placed or ()}
        tokens: int | None = 0
        if added:
            expanded = self._expander.expand(found, stack, depth - 1, set(self._used))
            tokens = None if expanded.too_large else total(expanded.measure, self._engine)
        return ReferenceNode(
            reference,
            line,
            "stale" if any(content.stale for content in found) else "resolved",
            None,
            self._own(*found),
            tokens,
            self._contents(found, added, stack, depth - 1),
        )

    def _own(self, *contents: Content) -> int:
        """Tokens of contents as they stand."""
        engine = self._engine
        parts = (
            part if isinstance(part, Measure) else measure(part.reference.text, engine)
            for content in contents
            for part in content.parts
        )
        return total(join(parts, engine), engine)

    def _name(self, content: Content) -> str:
        if content.path is None:
            return content.name
        lines = content.key[len(str(content.path)) :]  # `#L10-L40`, or nothing for all
        return shown_path(content.path, self._current) + lines


def _is_sent(reference: Reference) -> bool:
    return reference.placement != "none"
