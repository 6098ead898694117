"""`textDocument/documentLink`: from a reference to what it brings in."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from lsprotocol import types

from promptls.lsp.features.table import FeatureTable
from promptls.lsp.placed_references import view_of
from promptls.lsp.session import Session
from promptls.report.references import Located, columns
from promptls.text import PositionEncoding

_SCHEMES = frozenset({"file", "http", "https"})
"""What an editor may be led to; whatever else a handler names is not followed."""


def register(features: FeatureTable, session: Session) -> None:
    """Register the request."""

    @features.handler(types.TEXT_DOCUMENT_DOCUMENT_LINK)
    async def document_link(params: types.DocumentLinkParams) -> list[dict[str, Any]]:
        document = session.find(params.text_document.uri)
        if document is None:
            return []
        await session.ready(document, 0)
        if not document.shown:
            return []
        return await view_of(session, document, partial(_links, encoding=session.encoding))


def _links(located: Iterable[Located], encoding: PositionEncoding) -> list[dict[str, Any]]:
    """A link for each reference that brings in one thing; a glob leads to no single place."""
    links = []
    for one in located:
        reference, resolution = one.reference, one.resolution
        uri = resolution.uri
        if uri is None or len(resolution.names) != 1 or not _leads_somewhere(uri):
            continue
        place = columns(
            one.range.start.line,
            reference.target_start,
            reference.target_end,
            one.line_text,
            encoding,
        )
        tooltip = resolution.names[0]
        lines = reference.options.lines
        if lines is not None and uri.startswith("file:"):
            # What VS Code, Neovim and others make of a fragment in a link to a file.
            uri += f"#L{lines[0]}"
            tooltip += f", from line {lines[0]:,}"
        links.append({"range": place.to_json(), "target": uri, "tooltip": tooltip})
    return links


def _leads_somewhere(uri: str) -> bool:
    try:
        return urlsplit(uri).scheme.lower() in _SCHEMES
    except ValueError:
        return False
