"""`promptls/render`: the text that is sent, in segments with their tokens and their origin."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

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
from promptls.report.segments import own_ranges, segments_to_json
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
    own = own_ranges(taken, prompt.buffer)
    loop = asyncio.get_running_loop()
    state = document.references
    # Taken together with the plan: a pass may put others in their place meanwhile.
    work = partial(_put_together, session, taken, state.graph, state.made_for)
    rendered = await loop.run_in_executor(session.counting.executor, work)
    segments = segments_to_json(rendered, own, document.uri, session.encoding)
    if encoding is not None:
        for segment, one in zip(segments, rendered, strict=True):
            # The service remembers: between two renderings most segments stay as they are.
            count = partial(session.service.count, one.text, encoding)
            segment["tokens"] = await loop.run_in_executor(session.counting.executor, count)
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
