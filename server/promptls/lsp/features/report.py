"""`promptls/report`: everything known of a document, as JSON."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from promptls.lsp.features.table import REPORT, FeatureTable
from promptls.lsp.protocol.parameters import InvalidParams
from promptls.lsp.configuration import ANSWER_WITHIN
from promptls.lsp.session import Session
from promptls.report.model import to_json


def register(features: FeatureTable, session: Session) -> None:
    """Register the request."""

    @features.handler(REPORT)
    def report(params: Any) -> Awaitable[dict[str, Any] | None]:
        return _report(session, document_uri(params))


async def _report(session: Session, uri: str) -> dict[str, Any] | None:
    document = session.find(uri)
    if document is None:
        raise InvalidParams("this document is not open")
    await session.ready(document, 0 if document.judged.is_set() else ANSWER_WITHIN)
    report = await session.report_elsewhere(document)
    return None if report is None else to_json(report)


def document_uri(params: Any) -> str:
    """`textDocument.uri` of raw parameters; InvalidParams when there is none."""
    try:
        uri = params["textDocument"]["uri"]
    except (KeyError, TypeError) as error:
        raise InvalidParams("textDocument.uri is missing") from error
    if not isinstance(uri, str):
        raise InvalidParams("textDocument.uri is not a string")
    return uri
