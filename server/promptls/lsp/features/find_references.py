"""`textDocument/references`: everything in the workspace that refers to a file."""

from __future__ import annotations

from lsprotocol import types

from promptls.lsp.diagnostics import to_range
from promptls.lsp.features.table import FeatureTable
from promptls.lsp.open_document import OpenDocument
from promptls.lsp.placed_references import located_at
from promptls.lsp.session import Session
from promptls.lsp.workspace_mentions import mentions_of
from promptls.references.files.uris import file_key
from promptls.references.graph import is_looked_up
from promptls.references.model import Found


def register(features: FeatureTable, session: Session) -> None:
    """Register the request."""

    @features.handler(types.TEXT_DOCUMENT_REFERENCES)
    async def references(params: types.ReferenceParams) -> list[types.Location]:
        document = session.find(params.text_document.uri)
        if document is None:
            return []
        await session.ready(document)
        keys = _meant(document, params.position)
        if not keys:
            return []
        session.index.look_again()
        await session.index.edges_known()
        graph = session.index.documents.graph
        importers = {one for key in keys for one in graph.importers_of(key)}
        return [
            types.Location(found.subject.uri, to_range(mention.range(session.encoding)))
            for found in sorted(
                await mentions_of(session, importers), key=lambda one: one.subject.uri
            )
            for mention in found.mentions
            if mention.names(keys)
        ]


def _meant(document: OpenDocument, position: types.Position) -> frozenset[str]:
    """The files that the reference at a position brings in; elsewhere, the document itself."""
    one = located_at(document, position)
    if one is None:
        return frozenset(filter(None, [document.real_path]))
    graph = document.references.graph
    if graph is None or one.reference.kind != "file" or not is_looked_up(one.reference):
        return frozenset()
    outcome = graph.outcome(graph.root, one.reference)
    contents = outcome.contents if isinstance(outcome, Found) else ()
    return frozenset(
        file_key(str(content.path)) for content in contents if content.path is not None
    )
