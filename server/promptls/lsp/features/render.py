"""`promptls/render`: the text that is sent, in segments with their tokens."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from promptls.lsp.configuration import ANSWER_WITHIN
from promptls.lsp.features.report import document_uri
from promptls.lsp.features.table import RENDER, FeatureTable
from promptls.lsp.open_document import OpenDocument
from promptls.lsp.protocol.parameters import InvalidParams
from promptls.lsp.session import Session


def register(features: FeatureTable, session: Session) -> None:
    """Register the request."""

    @features.handler(RENDER)
    async def render(params: object) -> dict[str, Any]:
        document = session.find(document_uri(params))
        if document is None:
            raise InvalidParams("this document is not open")
        await session.ready(document, ANSWER_WITHIN)
        pieces = document.prompt.rendered()
        rendered = _rendered(document, pieces)
        counter = document.prompt.counter
        if counter is not None:
            # The service remembers: between two renderings most segments stay as they are.
            count = partial(session.service.count, encoding=counter.engine.encoding.name)
            loop = asyncio.get_running_loop()
            for segment, (_, text) in zip(rendered["segments"], pieces, strict=True):
                segment["tokens"] = await loop.run_in_executor(
                    session.counting.executor, count, text
                )
        return rendered


def _rendered(document: OpenDocument, pieces: list[tuple[int, str]]) -> dict[str, Any]:
    """Segments follow each other; each says where its text stands in the document."""
    prompt = document.prompt
    position_at = prompt.buffer.position_at
    segments = []
    start = 0
    for offset, text in pieces:
        first, last = position_at(offset), position_at(offset + len(text))
        segments.append(
            {
                "start": start,
                "end": start + len(text),
                "uri": document.uri,
                "range": {
                    "start": {"line": first[0], "character": first[1]},
                    "end": {"line": last[0], "character": last[1]},
                },
                "tokens": None,
            }
        )
        start += len(text)
    return {
        "uri": document.uri,
        "version": document.version,
        "text": "".join(text for _, text in pieces),
        "tokens": prompt.expanded_tokens,
        "segments": segments,
    }
