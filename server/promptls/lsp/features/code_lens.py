"""`textDocument/codeLens`: the document's total above its first line."""

from __future__ import annotations

from lsprotocol import types

from promptls.lsp.features.table import FeatureTable
from promptls.lsp.labels import budget_label, section_label, waiting_label
from promptls.lsp.open_document import OpenDocument
from promptls.lsp.session import HOLD, Session
from promptls.report.build import document_limit


def register(features: FeatureTable, session: Session) -> None:
    """Register the request."""

    @features.handler(types.TEXT_DOCUMENT_CODE_LENS)
    async def code_lens(params: types.CodeLensParams) -> list[types.CodeLens]:
        document = session.find(params.text_document.uri)
        if document is None:
            return []
        await session.ready(document, HOLD)
        context = document.context
        if not document.shown or context is None:
            return []
        if not context.resolved.settings.code_lens.document:
            return []
        start = types.Position(0, 0)
        command = types.Command(title=_title(document), command="")
        return [types.CodeLens(types.Range(start, start), command)]


def _title(document: OpenDocument) -> str:
    tokens, expanded = document.prompt.tokens, document.prompt.expanded_tokens
    context = document.context
    if tokens is None or expanded is None or context is None:
        return waiting_label(document)
    policy = context.policy()
    title = section_label(tokens, expanded, policy)
    limit = document_limit(context)
    if limit is not None:
        title += budget_label(expanded, limit, policy)
    return f"{title} · {context.resolved.settings.model or context.encoding}"
