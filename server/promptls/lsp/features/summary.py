"""`promptls/summary`: the figures of a document, for a status bar.

The report holds every section and finding; this is asked for after each pause in typing, and costs
the same for a document of any size.
"""

from __future__ import annotations

from typing import Any

from promptls.lsp.features.report import document_uri
from promptls.lsp.features.table import SUMMARY, FeatureTable
from promptls.lsp.protocol.parameters import InvalidParams
from promptls.lsp.session import HOLD, Session
from promptls.report.build import summarize
from promptls.report.model import figures_to_json


def register(features: FeatureTable, session: Session) -> None:
    """Register the request."""

    @features.handler(SUMMARY)
    async def summary(params: object) -> dict[str, Any] | None:
        document = session.find(document_uri(params))
        if document is None:
            raise InvalidParams("this document is not open")
        await session.ready(document, HOLD)
        context = document.context
        if context is None:
            return None
        figures = summarize(document.prompt, context, document.uri)
        return {
            "uri": document.uri,
            "version": document.version,
            **figures_to_json(figures),
            "window": None if context.model is None else context.model.window,
            "shown": document.shown,
            "warnAt": context.resolved.settings.budget.warn_at,
        }
