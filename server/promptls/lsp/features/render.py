"""`promptls/render`: the text that is sent, in segments with their tokens."""

from __future__ import annotations

from typing import Any

from promptls.lsp.features.report import document_uri
from promptls.lsp.features.table import RENDER, FeatureTable
from promptls.lsp.open_document import OpenDocument
from promptls.lsp.protocol.parameters import InvalidParams
from promptls.lsp.configuration import ANSWER_WITHIN
from promptls.lsp.session import Session


def register(features: FeatureTable, session: Session) -> None:
    """Register the request."""

    @features.handler(RENDER)
    async def render(params: Any) -> dict[str, Any]:
        document = session.find(document_uri(params))
        if document is None:
            raise InvalidParams("this document is not open")
        await session.ready(document, ANSWER_WITHIN)
        return _rendered(document)


def _rendered(document: OpenDocument) -> dict[str, Any]:
    """Segments follow each other; each says where its text stands in the document."""
    prompt = document.prompt
    counter = prompt.counter
    segments = []
    start = 0
    for offset, text in prompt.rendered():
        first, last = prompt.buffer.position_at(offset), prompt.buffer.position_at(offset + len(text))
        segments.append(
            {
                "start": start,
                "end": start + len(text),
                "uri": document.uri,
                "range": {
                    "start": {"line": first[0], "character": first[1]},
                    "end": {"line": last[0], "character": last[1]},
                },
                "tokens": counter.engine.count(text) if counter is not None else None,
            }
        )
        start += len(text)
    return {
        "uri": document.uri,
        "version": document.version,
        "text": "".join(text for _, text in prompt.rendered()),
        "tokens": prompt.expanded_tokens,
        "segments": segments,
    }
