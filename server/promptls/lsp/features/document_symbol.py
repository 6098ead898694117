"""`textDocument/documentSymbol`: sections, with their tokens as detail."""

from __future__ import annotations

from lsprotocol import types

from promptls.lsp.diagnostics import to_range
from promptls.lsp.features.table import FeatureTable
from promptls.lsp.labels import section_label, waiting_label
from promptls.lsp.session import Session
from promptls.report.build import Context
from promptls.report.model import Report, SectionReport

_KIND = {
    "frontMatter": types.SymbolKind.Object,
    "preamble": types.SymbolKind.String,
    "heading": types.SymbolKind.String,
    "tag": types.SymbolKind.Namespace,
    "role": types.SymbolKind.Event,
}


def register(features: FeatureTable, session: Session) -> None:
    """Register the request."""

    @features.handler(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def document_symbol(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        document = session.find(params.text_document.uri)
        if document is None:
            return []
        await session.ready(document)
        report = await session.reports.now(document)
        context = document.context
        if report is None or context is None or not document.shown:
            return []
        return _symbols(report, context, waiting_label(document))


def _symbols(report: Report, context: Context, waiting: str) -> list[types.DocumentSymbol]:
    """The sections as a tree; a section holds those that begin before it ends."""
    roots: list[types.DocumentSymbol] = []
    around: list[types.DocumentSymbol] = []
    for section in report.sections:
        symbol = types.DocumentSymbol(
            name=section.title.strip() or "(no title)",
            detail=_detail(section, context) or waiting,
            kind=_KIND[section.kind],
            range=to_range(section.range),
            selection_range=to_range(section.head_range),
            children=[],
        )
        start = symbol.range.start
        while around and not _holds(around[-1].range, start):
            around.pop()
        children = around[-1].children if around else roots
        (roots if children is None else children).append(symbol)  # type: ignore[attr-defined]
        around.append(symbol)
    return roots


def _holds(range_: types.Range, start: types.Position) -> bool:
    return (start.line, start.character) < (range_.end.line, range_.end.character)


def _detail(section: SectionReport, context: Context) -> str:
    if section.tokens is None or section.expanded_tokens is None:
        return ""
    return section_label(section.tokens, section.expanded_tokens, context.policy())
