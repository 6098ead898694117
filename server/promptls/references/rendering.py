"""The text of references with everything that they bring in, in segments that say where from.

It goes the same way as `expansion`, which has counted it; both ask `place` what stands where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from promptls.prompts.references.model import Reference
from promptls.references.expansion import SEPARATOR, Limits, place
from promptls.references.graph import Graph
from promptls.references.model import Content, Embedded, Found, Notice

TextOf = Callable[[Content, Reference, Content | None], str | None]
"""The text of a content, given the reference that names it and the content that holds that (None:
the document); None when it cannot be had any more as it was counted."""


class Segment(NamedTuple):
    """A piece of rendered text, and the stretch of a content that it comes from."""

    text: str
    content: Content | None
    """None for what stands between the files of a glob."""
    start: int
    """Characters of the content before it."""
    whole: str
    """All of the content."""


class ChangedMeanwhileError(Exception):
    """A content is not what was counted: the figures are about to change, ask again then."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has changed since it was counted")


class Renderer:
    """Renders the references of one document, in the document's order."""

    def __init__(self, graph: Graph, limits: Limits, text_of: TextOf) -> None:
        self._graph = graph
        self._limits = limits
        self._text_of = text_of
        self._used: set[str] = set()
        self._texts: dict[str, str] = {}

    def render(self, reference: Reference) -> Iterator[Segment]:
        """What stands in the place of a reference whose resolution has content."""
        outcome = self._graph.outcome(self._graph.root, reference)
        if not isinstance(outcome, Found):
            return
        contents: Sequence[Content] = outcome.contents
        if self._limits.repeats == "once":
            contents = [content for content in contents if content.key not in self._used]
        stack = (self._graph.root,)
        yield from self._contents(contents, reference, None, stack, self._limits.depth - 1)

    def _contents(
        self,
        contents: Sequence[Content],
        reference: Reference,
        holder: Content | None,
        stack: tuple[str, ...],
        depth: int,
    ) -> Iterator[Segment]:
        for number, content in enumerate(contents):
            if number:
                yield Segment(SEPARATOR, None, 0, SEPARATOR)
            text = self._texts.get(content.key)
            if text is None:
                found = self._text_of(content, reference, holder)
                if found is None:
                    raise ChangedMeanwhileError(content.name)
                text = self._texts[content.key] = found
            yield from self._content(content, text, stack, depth)

    def _content(
        self, content: Content, text: str, stack: tuple[str, ...], depth: int
    ) -> Iterator[Segment]:
        self._used.add(content.key)
        inner = (*stack, content.key)
        position = 0
        for part in content.parts:
            if not isinstance(part, Embedded):
                continue
            reference = part.reference
            placed = place(reference, self._graph, inner, depth, self._used, self._limits.repeats)
            if placed is None or isinstance(placed, Notice):
                continue
            if part.offset > position:
                yield Segment(text[position : part.offset], content, position, text)
            yield from self._contents(placed, reference, content, inner, depth - 1)
            position = part.offset + len(reference.text)
        if position < len(text):
            yield Segment(text[position:], content, position, text)
