"""`textDocument/hover`: what a reference brings in, what the section of a first line costs."""

from __future__ import annotations

from lsprotocol import types

from promptls.budgets import format_usd, input_cost
from promptls.lsp.diagnostics import to_range
from promptls.lsp.features.reference_hover import reference_text
from promptls.lsp.features.table import FeatureTable
from promptls.lsp.labels import approximate, percent, waiting_reason
from promptls.lsp.open_document import OpenDocument
from promptls.lsp.placed_references import located_at
from promptls.lsp.session import Session
from promptls.prompts.sections import Section, section_at
from promptls.report.build import Context, document_limit, section_limit


def register(features: FeatureTable, session: Session) -> None:
    """Register the request."""

    @features.handler(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        document = session.find(params.text_document.uri)
        if document is None:
            return None
        await session.ready(document)
        context = document.context
        if context is None or not document.shown:
            return None
        one = located_at(document, params.position)
        if one is not None:
            text = await reference_text(session, document, context, one)
            return types.Hover(
                types.MarkupContent(types.MarkupKind.Markdown, text), to_range(one.range)
            )
        line = params.position.line
        section = section_at(document.prompt.outline, line)
        if section is None or section.line != line:
            return None
        buffer = document.prompt.buffer
        end = types.Position(line, buffer.line_length(line))
        text = _text(document, context, section)
        return types.Hover(
            types.MarkupContent(types.MarkupKind.Markdown, text),
            types.Range(types.Position(line, 0), end),
        )


def _text(document: OpenDocument, context: Context, section: Section) -> str:
    if document.prompt.is_section_pending(section):
        return waiting_reason(document)
    policy = context.policy()
    rows = [
        f"**{section.tokens:,} tokens** with subsections, {section.own_tokens:,} of its own "
        f"({context.encoding}, exact)"
    ]
    if section.kind == "frontMatter":
        rows.append("Front matter is not sent.")
    elif section.expanded != section.tokens:
        rows.append(f"{section.expanded:,} of them are sent.")
    if policy.ratio is not None:
        rows.append(
            f"{context.resolved.settings.model}: {approximate(section.expanded, policy)} expected; "
            f"{policy.ratio.source}"
        )
    used = section.expanded if policy.ratio is None else policy.ratio.expected(section.expanded)
    limit = section_limit(context, section.mark)
    if limit is not None:
        rows.append(f"{percent(used, limit)} of its budget of {limit:,}")
    whole = document_limit(context)
    if whole is not None:
        rows.append(f"{percent(used, whole)} of the document's budget of {whole:,}")
    model = context.model
    if model is not None and model.window:
        rows.append(f"{percent(used, model.window)} of {model.name}'s window of {model.window:,}")
    cost = input_cost(used, model) if model is not None else None
    if cost is not None and section.kind != "frontMatter":
        rows.append(f"{format_usd(cost)} as input")
    return "\n\n".join(rows)
