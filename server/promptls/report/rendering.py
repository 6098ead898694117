"""The prompt as it is sent: the document's own text with what its references bring in.

What is taken from the document (`plan`) belongs to its thread; putting in the contents (`render`)
reads files and may be done elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from promptls.prompts.references import Reference
from promptls.prompts.substitutions import is_unsent, sites
from promptls.references.expansion import Limits
from promptls.references.graph import Graph, request_of
from promptls.references.model import Content, Reading, Site
from promptls.references.rendering import Renderer
from promptls.references.resolver import Resolver
from promptls.report.attachments import SEPARATOR
from promptls.report.document import PromptDocument


class Literal(NamedTuple):
    """Text of the document itself."""

    start: int
    """Characters of the document before it."""
    text: str


Piece = Literal | Reference


class Plan(NamedTuple):
    """What is sent, in order; references are still to be rendered."""

    pieces: list[Piece]
    attached: list[Reference]

    def literals(self) -> list[Literal]:
        """The document's own text that is sent."""
        return [piece for piece in self.pieces if isinstance(piece, Literal)]


class Rendered(NamedTuple):
    """A segment of what is sent."""

    text: str
    content: Content | None
    """What it is from; None for the document itself and for what stands between contents."""
    start: int
    """Characters of the document or content before it; -1 for what stands between contents."""
    whole: str = ""
    """All of the content that it is from."""


def plan(document: PromptDocument) -> Plan:
    """Take from a document what is sent; nothing must be pending."""
    document.outline.settle()
    tree, buffer = document.outline.tree, document.buffer
    pieces: list[Piece] = []
    position = 0
    for site in sites(tree, buffer):
        mark = site.mark
        if is_unsent(mark):
            replaced: list[tuple[int, int, Reference | None]] = [
                (part.start, part.stop, None) for part in site.parts
            ]
        else:
            references = (
                reference
                for reference, content in zip(mark.references, mark.contents, strict=True)
                if content is not None
            )
            replaced = [
                (part.start, part.stop, reference)
                for part, reference in zip(site.parts, references, strict=True)
            ]
        for start, stop, reference in replaced:
            if start > position:
                pieces.append(Literal(position, buffer.slice(position, start)))
            if reference is not None:
                pieces.append(reference)
            position = max(position, stop)
    if position < len(buffer):
        pieces.append(Literal(position, buffer.slice(position, len(buffer))))
    return Plan(pieces, _attached(document))


def _attached(document: PromptDocument) -> list[Reference]:
    wanted = {resolution.keys for resolution in document.attachments.resolutions}
    found = []
    for place in document.placed():
        for reference, resolution in place.pairs():
            if reference.placement == "attached" and resolution.keys in wanted:
                wanted.discard(resolution.keys)
                found.append(reference)
    return found


def renderer_of(
    resolver: Resolver, graph: Graph, site: Site, reading: Reading, limits: Limits
) -> Renderer:
    """What renders the references of a document, its contents read anew."""

    def text_of(content: Content, reference: Reference, holder: Content | None) -> str | None:
        here = site if holder is None else replace(site, path=holder.path)
        return resolver.text(content, request_of(reference, here, reading))

    return Renderer(graph, limits, text_of)


def render(taken: Plan, renderer: Renderer) -> Iterator[Rendered]:
    """Put in the contents; raises ChangedMeanwhileError when one is not what was counted."""
    yield from _render(taken.pieces, renderer)
    for reference in taken.attached:
        yield Rendered(SEPARATOR, None, -1)
        yield from _render([reference], renderer)


def _render(pieces: Sequence[Piece], renderer: Renderer) -> Iterator[Rendered]:
    for piece in pieces:
        if isinstance(piece, Literal):
            yield Rendered(piece.text, None, piece.start)
            continue
        for segment in renderer.render(piece):
            start = -1 if segment.content is None else segment.start
            yield Rendered(segment.text, segment.content, start, segment.whole)
