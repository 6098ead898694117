"""`textDocument/didOpen`, `didChange`, `didClose`, `didSave`."""

from __future__ import annotations

from typing import Any

from lsprotocol import types

from promptls.lsp.features.table import FeatureTable
from promptls.lsp.protocol.parameters import InvalidParams
from promptls.lsp.session import Session
from promptls.lsp.uris import to_path
from promptls.text import Edit


def register(features: FeatureTable, session: Session) -> None:
    """Register the notifications that keep documents as they are in the editor."""

    @features.handler(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        session.open(params.text_document)

    @features.handler(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        session.close(params.text_document.uri)

    @features.handler(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        """Advertised here; `change` takes them all."""

    @features.handler(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        path = to_path(params.text_document.uri)
        if path is not None:
            session.saved(path)

    def change(message: dict[str, Any]) -> None:
        try:
            params = message["params"]
            document = params["textDocument"]
            uri = document["uri"]
            edits = [_edit(item) for item in params["contentChanges"]]
        except (KeyError, TypeError, IndexError) as error:
            raise InvalidParams("textDocument/didChange needs a document and changes") from error
        if not isinstance(uri, str):
            raise InvalidParams("a document's URI is a string")
        session.change(uri, document.get("version"), edits)

    features.fast(types.TEXT_DOCUMENT_DID_CHANGE, change)


def _edit(item: dict[str, Any]) -> Edit:
    text = item["text"]
    if not isinstance(text, str):
        raise TypeError
    range_ = item.get("range")
    if range_ is None:
        return Edit(None, text)
    start, end = range_["start"], range_["end"]
    place = (start["line"], start["character"], end["line"], end["character"])
    for figure in place:
        if type(figure) is not int:
            raise TypeError
    return Edit(place, text)
