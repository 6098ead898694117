"""`textDocument/diagnostic`, for clients that ask."""

from __future__ import annotations

from asyncio import wait_for
from contextlib import suppress

from lsprotocol import types

from promptls.lsp.configuration import ANSWER_WITHIN
from promptls.lsp.diagnostics import to_diagnostics
from promptls.lsp.features.table import FeatureTable
from promptls.lsp.session import Session
from promptls.lsp.uris import to_path


def register(features: FeatureTable, session: Session) -> None:
    """Register the request; it is advertised to clients that ask for diagnostics."""

    @features.handler(types.TEXT_DOCUMENT_DIAGNOSTIC)
    async def document_diagnostic(
        params: types.DocumentDiagnosticParams,
    ) -> types.RelatedFullDocumentDiagnosticReport:
        uri = params.text_document.uri
        document = session.find(uri)
        if document is None:
            return types.RelatedFullDocumentDiagnosticReport(_of_closed(session, uri))
        await session.ready(document)
        if not session.client.diagnostic_refresh:
            # Nobody can have it ask again when references are resolved.
            with suppress(TimeoutError):
                await wait_for(session.resolving.settled(document), ANSWER_WITHIN)
        items = await session.publisher.diagnostics(document)
        return types.RelatedFullDocumentDiagnosticReport(items=items)


def _of_closed(session: Session, uri: str) -> list[types.Diagnostic]:
    """Clients ask once more for what they close, and show the answer from then on."""
    path = to_path(uri)
    examined = None if path is None else session.index.find(path)
    if examined is None or examined.report is None:
        return []
    return to_diagnostics(examined.report.findings, examined.report.key)
