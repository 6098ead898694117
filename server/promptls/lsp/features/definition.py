"""`textDocument/definition`: the file behind a reference, or where its name is defined."""

from __future__ import annotations

import asyncio
from functools import partial

from lsprotocol import types

from promptls.findings import Range
from promptls.lsp.diagnostics import to_range
from promptls.lsp.features.table import FeatureTable
from promptls.lsp.name_definitions import Place, in_front_matter, in_settings
from promptls.lsp.open_document import OpenDocument
from promptls.lsp.placed_references import located_at
from promptls.lsp.session import Session
from promptls.references.model import Found
from promptls.report.references import Located

Answer = list[types.Location] | list[types.LocationLink]

_TABLES = {"var": "vars", "api": "endpoints"}
"""By kind of reference: the table of the settings that defines its names."""
_PLACES_MAX = 1_000


def register(features: FeatureTable, session: Session) -> None:
    """Register the request."""

    @features.handler(types.TEXT_DOCUMENT_DEFINITION)
    async def definition(params: types.DefinitionParams) -> Answer:
        document = session.find(params.text_document.uri)
        if document is None:
            return []
        await session.ready(document, 0)
        one = located_at(document, params.position) if document.shown else None
        if one is None:
            return []
        places = await _places(session, document, one)
        if not session.client.definition_links:
            return [types.Location(place.uri, to_range(place.range)) for place in places]
        origin = to_range(one.range)
        return [
            types.LocationLink(place.uri, to_range(place.range), to_range(place.range), origin)
            for place in places
        ]


async def _places(session: Session, document: OpenDocument, one: Located) -> list[Place]:
    table = _TABLES.get(one.reference.kind)
    if table is None:
        return _contents(document, one)
    if table == "vars":
        found = in_front_matter(document, one.reference.target)
        if found is not None:
            return [found]
    context = document.context
    if context is None:
        return []
    loop = asyncio.get_running_loop()
    look = partial(
        in_settings,
        list(context.resolved.problems),
        (table, one.reference.target),
        session.encoding,
    )
    found = await loop.run_in_executor(session.counting.executor, look)
    return [] if found is None else [found]


def _contents(document: OpenDocument, one: Located) -> list[Place]:
    """What a reference brings in: one file, or all files of a glob."""
    graph, reference = document.references.graph, one.reference
    outcome = None if graph is None else graph.outcome(graph.root, reference)
    if not isinstance(outcome, Found):
        return []
    line = 0 if reference.options.lines is None else reference.options.lines[0] - 1
    return [
        Place(content.uri, Range.of(line, 0, line, 0))
        for content in outcome.contents[:_PLACES_MAX]
        if content.uri is not None and content.path is not None
    ]
