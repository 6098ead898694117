"""`textDocument/semanticTokens`: references stand out from the prose around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from lsprotocol import types

from promptls.lsp.features.table import TOKEN_TYPES, FeatureTable
from promptls.lsp.placed_references import view_of
from promptls.lsp.session import Session
from promptls.prompts.references import Reference
from promptls.report.references import Located
from promptls.text import PositionEncoding
from promptls.text.units import count_units

_KEYWORD = TOKEN_TYPES.index("keyword")
_STRING = TOKEN_TYPES.index("string")
_VARIABLE = TOKEN_TYPES.index("variable")
_PARAMETER = TOKEN_TYPES.index("parameter")


def register(features: FeatureTable, session: Session) -> None:
    """Register the requests for a document and for some lines of it."""

    async def tokens(uri: str, *lines: int) -> dict[str, Any]:
        document = session.find(uri)
        if document is None:
            return {"data": []}
        await session.ready(document, 0)
        if not document.shown:
            return {"data": []}
        encode = partial(_encoded, encoding=session.encoding)
        return {"data": await view_of(session, document, encode, *lines)}

    @features.handler(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL)
    async def semantic_tokens(params: types.SemanticTokensParams) -> dict[str, Any]:
        return await tokens(params.text_document.uri)

    @features.handler(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE)
    async def semantic_tokens_range(params: types.SemanticTokensRangeParams) -> dict[str, Any]:
        wanted = params.range
        return await tokens(params.text_document.uri, wanted.start.line, wanted.end.line)


def _encoded(located: Iterable[Located], encoding: PositionEncoding) -> list[int]:
    """Five figures a token, as LSP has them: places are relative to the token before."""
    data: list[int] = []
    before_line = before_column = 0
    for one in located:
        line, text = one.range.start.line, one.line_text
        for start, stop, kind in _spans(one.reference):
            column = count_units(text[:start], encoding)
            length = count_units(text[start:stop], encoding)
            if line != before_line:
                before_column = 0
            data += (line - before_line, column - before_column, length, kind, 0)
            before_line, before_column = line, column
    return data


def _spans(reference: Reference) -> Iterator[tuple[int, int, int]]:
    """(start, end, token type) of the parts of a reference, in characters of its line."""
    start, stop = reference.target_start, reference.target_end
    in_quotes = start > reference.start and reference.text[start - reference.start - 1] == '"'
    if in_quotes and stop < reference.end:
        start, stop = start - 1, stop + 1
    # The text of a link is prose.
    if start > reference.start and reference.form != "markdown-link":
        yield reference.start, start, _KEYWORD
    yield start, stop, _VARIABLE if reference.kind == "var" else _STRING
    if stop < reference.end and reference.form != "markdown-link":
        closes = reference.text.endswith("}")
        yield stop, reference.end, _KEYWORD if closes else _PARAMETER
