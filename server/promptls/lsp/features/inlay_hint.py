"""`textDocument/inlayHint`: the tokens of each section at the end of its first line.

The hot path: a hint is a piece of JSON that is kept with its section as long as its figures stay,
so that a request costs a few microseconds and one for each hint that changed.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from lsprotocol import types

from promptls.budgets import BudgetPolicy
from promptls.lsp.features.reference_hints import reference_parts
from promptls.lsp.features.table import FeatureTable
from promptls.lsp.labels import (
    approximate,
    budget_label,
    section_label,
    waiting_label,
    waiting_reason,
)
from promptls.lsp.open_document import OpenDocument
from promptls.lsp.protocol.dispatch import DEFER, Deferral
from promptls.lsp.protocol.parameters import InvalidParams
from promptls.lsp.session import HOLD, Session
from promptls.prompts.mark_tree import pack, unpack
from promptls.prompts.marks import Mark
from promptls.prompts.sections import visible_heads, visible_sections
from promptls.report.build import head_width, section_limit


def register(features: FeatureTable, session: Session) -> None:
    """Register the request, and its fast way."""

    @features.handler(types.TEXT_DOCUMENT_INLAY_HINT)
    async def inlay_hint(params: types.InlayHintParams) -> list[dict[str, Any]]:
        document = session.find(params.text_document.uri)
        if document is None:
            return []
        await session.ready(document, HOLD)
        hints = _hints(document, params.range.start.line, params.range.end.line)
        decoded: list[dict[str, Any]] = json.loads(hints)
        return decoded

    def fast(message: dict[str, Any]) -> bytes | Literal[Deferral.DEFER]:
        try:
            params = message["params"]
            uri = params["textDocument"]["uri"]
            first = params["range"]["start"]["line"]
            last = params["range"]["end"]["line"]
        except (KeyError, TypeError) as error:
            raise InvalidParams("textDocument/inlayHint needs a document and a range") from error
        if not (type(first) is int and type(last) is int and isinstance(uri, str)):
            raise InvalidParams("textDocument/inlayHint needs a document and a range")
        document = session.find(uri)
        if document is None or not document.answers_at_once:
            return DEFER
        return _hints(document, first, last)

    features.fast(types.TEXT_DOCUMENT_INLAY_HINT, fast)


def _hints(document: OpenDocument, first: int, last: int) -> bytes:
    """The hints of the lines from `first` to `last`, as JSON."""
    context = document.context
    if not document.shown or context is None:
        return b"[]"
    parts = (
        _section_parts(document, first, last) if context.resolved.settings.hints.sections else []
    )
    if document.has_references:
        parts += reference_parts(document, first, last)
    return f"[{','.join(parts)}]".encode()


def _section_parts(document: OpenDocument, first: int, last: int) -> list[str]:
    prompt = document.prompt
    if prompt.is_pending:
        return _pending_hints(document, first, last)
    key = document.hint_key
    parts = []
    for mark, head, end in visible_heads(prompt.outline, first, last):
        weight = end.c - head.c
        kept = mark.hint
        if kept is None or kept[1] != weight or kept[0] is not key:
            kept = mark.hint = (key, weight, _tail(document, mark, weight))
        width = mark.width
        if width < 0 or not head.a:
            width = _width(document, mark, head.a)
        parts.append(f'{{"position":{{"line":{head.a},"character":{width}{kept[2]}')
    parts.reverse()
    return parts


def _width(document: OpenDocument, mark: Mark, line: int) -> int:
    buffer = document.prompt.buffer
    width = head_width(mark, buffer.encoding) if line else None
    return buffer.line_length(line) if width is None else width


def _tail(document: OpenDocument, mark: Mark, weight: int) -> str:
    """All of a hint that does not depend on where it stands."""
    context = document.context
    assert context is not None  # noqa: S101 - the caller has looked
    tokens, expanded = unpack(weight)
    policy = context.policy()
    label = section_label(tokens, expanded, policy)
    limit = section_limit(context, mark)
    if limit is not None:
        label += budget_label(expanded, limit, policy)
    tooltip = _tooltip(document, tokens, expanded, policy)
    if policy.ratio is None:
        # Figures and names of encodings hold nothing that JSON would write otherwise.
        return f'}},"label":"{label}","paddingLeft":true,"tooltip":"{tooltip}"}}'
    return _json_tail(label, tooltip)


def _json_tail(label: str, tooltip: str) -> str:
    rest = {"label": label, "paddingLeft": True, "tooltip": tooltip}
    return "}," + json.dumps(rest, separators=(",", ":"))[1:]


def _tooltip(document: OpenDocument, tokens: int, expanded: int, policy: BudgetPolicy) -> str:
    context = document.context
    assert context is not None  # noqa: S101 - the caller has looked
    text = f"{tokens:,} tokens with subsections, exactly, in {context.encoding}"
    if expanded != tokens:
        text += f"; {expanded:,} of them are sent"
    if policy.ratio is not None:
        text += (
            f". {context.resolved.settings.model}: {approximate(expanded, policy)} expected "
            f"({policy.ratio.source})"
        )
    return text


def _pending_hints(document: OpenDocument, first: int, last: int) -> list[str]:
    """Hints while some figures are not known: those that are, and `counting…` for the others."""
    prompt = document.prompt
    waiting = _json_tail(waiting_label(document), waiting_reason(document))
    parts = []
    for section in visible_sections(prompt.outline, first, last):
        if prompt.is_section_pending(section):
            tail = waiting
        else:
            tail = _tail(document, section.mark, pack(section.tokens, section.expanded))
        width = _width(document, section.mark, section.line)
        parts.append(f'{{"position":{{"line":{section.line},"character":{width}{tail}')
    return parts
