"""`textDocument/diagnostic` and `workspace/diagnostic`, for clients that ask."""

from __future__ import annotations

from lsprotocol import types

from promptls.lsp.protocol.server import HardenedServer
from promptls.lsp.session import Session


def register(server: HardenedServer, session: Session) -> None:
    """Nothing yet: whether the client asks is known in `initialize` (see `register_pull`)."""


def register_pull(server: HardenedServer, session: Session) -> None:
    """Register the requests; only for clients that declare them, which get no diagnostics pushed."""
    options = types.DiagnosticOptions(
        inter_file_dependencies=False, workspace_diagnostics=True, identifier="promptls"
    )

    @server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)
    async def document_diagnostic(
        params: types.DocumentDiagnosticParams,
    ) -> types.RelatedFullDocumentDiagnosticReport:
        document = session.find(params.text_document.uri)
        if document is None:
            return types.RelatedFullDocumentDiagnosticReport(items=[])
        await session.ready(document)
        items = await session.publisher.diagnostics(document)
        return types.RelatedFullDocumentDiagnosticReport(items=items)

    @server.feature(types.WORKSPACE_DIAGNOSTIC)
    async def workspace_diagnostic(
        params: types.WorkspaceDiagnosticParams,
    ) -> types.WorkspaceDiagnosticReport:
        return types.WorkspaceDiagnosticReport(
            items=[
                types.WorkspaceFullDocumentDiagnosticReport(uri=uri, items=items)
                for uri, items in session.publisher.settings_documents()
            ]
        )
