"""`textDocument/foldingRange`: sections fold to their first line."""

from __future__ import annotations

from lsprotocol import types

from promptls.lsp.features.table import FeatureTable
from promptls.lsp.session import Session
from promptls.prompts.sections import all_sections, snapshot


def register(features: FeatureTable, session: Session) -> None:
    """Register the request."""

    @features.handler(types.TEXT_DOCUMENT_FOLDING_RANGE)
    async def folding_range(params: types.FoldingRangeParams) -> list[types.FoldingRange]:
        document = session.find(params.text_document.uri)
        if document is None:
            return []
        await session.ready(document, 0)
        if not document.shown:
            return []
        buffer = document.prompt.buffer
        ranges = []
        for section in all_sections(snapshot(document.prompt.outline)):
            last = section.end_line - 1
            # Blank lines between sections stay visible.
            while last > section.line and not buffer.line_text(last, 200).strip():
                last -= 1
            if last > section.line:
                ranges.append(types.FoldingRange(section.line, last))
        return ranges
