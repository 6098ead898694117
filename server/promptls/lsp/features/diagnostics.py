"""`textDocument/diagnostic` and `workspace/diagnostic`, for clients that ask."""

from __future__ import annotations

from lsprotocol import types

from promptls.lsp.features.table import FeatureTable
from promptls.lsp.session import Session


def register(features: FeatureTable, session: Session) -> None:
    """Register the requests; they are advertised to clients that declare them."""

    @features.handler(types.TEXT_DOCUMENT_DIAGNOSTIC)
    async def document_diagnostic(
        params: types.DocumentDiagnosticParams,
    ) -> types.RelatedFullDocumentDiagnosticReport:
        document = session.find(params.text_document.uri)
        if document is None:
            return types.RelatedFullDocumentDiagnosticReport(items=[])
        await session.ready(document)
        items = await session.publisher.diagnostics(document)
        return types.RelatedFullDocumentDiagnosticReport(items=items)

    @features.handler(types.WORKSPACE_DIAGNOSTIC)
    async def workspace_diagnostic(
        params: types.WorkspaceDiagnosticParams,
    ) -> types.WorkspaceDiagnosticReport:
        return types.WorkspaceDiagnosticReport(
            items=[
                types.WorkspaceFullDocumentDiagnosticReport(uri=uri, items=items)
                for uri, items in session.publisher.settings_documents()
            ]
        )
