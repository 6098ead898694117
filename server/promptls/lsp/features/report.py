"""`promptls/report`: everything known of a document, as JSON."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from promptls.lsp.features.table import REPORT, FeatureTable
from promptls.lsp.protocol.parameters import InvalidParams
from promptls.lsp.session import Session
from promptls.report.model import Report, to_json


def register(features: FeatureTable, session: Session) -> None:
    """Register the request."""

    @features.handler(REPORT)
    def report(params: object) -> Awaitable[dict[str, Any] | None]:
        document = session.find(document_uri(params))
        if document is None:
            raise InvalidParams("this document is not open")
        return _as_json(session.reports.as_asked(document))


async def _as_json(awaited: Awaitable[Report | None]) -> dict[str, Any] | None:
    report = await awaited
    return None if report is None else to_json(report)


def document_uri(params: object) -> str:
    """`textDocument.uri` of raw parameters; InvalidParams when there is none."""
    document = params.get("textDocument") if isinstance(params, dict) else None
    uri = document.get("uri") if isinstance(document, dict) else None
    if not isinstance(uri, str):
        raise InvalidParams("textDocument.uri is missing or not a string")
    return uri
