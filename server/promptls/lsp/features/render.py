"""`promptls/render`: the text that is sent, in segments with their tokens and their origin."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from promptls.findings import Position, Range
from promptls.lsp.configuration import ANSWER_WITHIN
from promptls.lsp.document_references import Made
from promptls.lsp.features.report import document_uri
from promptls.lsp.features.table import RENDER, FeatureTable
from promptls.lsp.open_document import OpenDocument
from promptls.lsp.protocol.parameters import InvalidParams
from promptls.lsp.session import Session
from promptls.references.graph import Graph
from promptls.references.rendering import ChangedMeanwhileError
from promptls.report.rendering import Plan, Rendered, plan, render, renderer_of
from promptls.report.segments import ContentRanges
from promptls.report.site import reading_of

_TRIES = 3
"""How often a document is rendered whose contents change meanwhile."""


def register(features: FeatureTable, session: Session) -> None:
    """Register the request."""

    @features.handler(RENDER)
    async def render_document(params: object) -> dict[str, Any]:
        document = session.find(document_uri(params))
        if document is None:
            raise InvalidParams("this document is not open")
        for _ in range(_TRIES):
            await session.ready(document, ANSWER_WITHIN)
            await session.resolving.settled(document)
            await session.ready(document, ANSWER_WITHIN)  # what was found is counted
            try:
                return await _render(session, document)
            except ChangedMeanwhileError:
                session.resolving.start_all()
        raise InvalidParams("what the document brings in keeps changing")


async def _render(session: Session, document: OpenDocument) -> dict[str, Any]:
    """Segments follow each other; each says where its text stands in what it is from."""
    prompt = document.prompt
    taken = plan(prompt)
    head = {
        "uri": document.uri,
        "version": document.version,
        "tokens": prompt.expanded_tokens,
    }
    counter = prompt.counter
    encoding = None if counter is None else counter.engine.encoding.name
    own = [
        Range(
            Position(*prompt.buffer.position_at(start)),
            Position(*prompt.buffer.position_at(start + len(text))),
        )
        for start, text in taken.literals()
    ]
    loop = asyncio.get_running_loop()
    state = document.references
    # Taken together with the plan: a pass may put others in their place meanwhile.
    work = partial(_put_together, session, taken, state.graph, state.made_for)
    rendered = await loop.run_in_executor(session.counting.executor, work)
    segments: list[dict[str, Any]] = []
    ranges = iter(own)
    places = ContentRanges(session.encoding)
    start = 0
    for segment in rendered:
        is_own = segment.content is None and segment.start >= 0
        range_ = next(ranges) if is_own else places.of(segment)
        stop = start + len(segment.text)
        tokens = None
        if encoding is not None:
            # The service remembers: between two renderings most segments stay as they are.
            count = partial(session.service.count, segment.text, encoding)
            tokens = await loop.run_in_executor(session.counting.executor, count)
        segments.append(
            {
                "start": start,
                "end": stop,
                "uri": document.uri if is_own else _uri(segment),
                "range": None if range_ is None else range_.to_json(),
                "tokens": tokens,
            }
        )
        start = stop
    text = "".join(segment.text for segment in rendered)
    return {**head, "text": text, "segments": segments}


def _put_together(
    session: Session, taken: Plan, graph: Graph | None, made_for: Made | None
) -> list[Rendered]:
    if graph is None or made_for is None:
        return [Rendered(piece.text, None, piece.start) for piece in taken.literals()]
    site, engine, limits = made_for
    reading = reading_of(engine, site.dialect)
    return list(render(taken, renderer_of(session.resolver, graph, site, reading, limits)))


def _uri(segment: Rendered) -> str | None:
    return None if segment.content is None else segment.content.uri
