"""Stock counting server: plain pygls that encodes the whole text on each change."""

import tiktoken
from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("stock-counting", "1")
encoding = tiktoken.get_encoding("cl100k_base")
totals: dict[str, int] = {}


def _count(uri: str) -> None:
    source = server.workspace.get_text_document(uri).source
    totals[uri] = len(encoding.encode_ordinary(source))


@server.feature(types.TEXT_DOCUMENT_DID_OPEN)
def did_open(params: types.DidOpenTextDocumentParams) -> None:
    """Count the document as it is opened."""
    _count(params.text_document.uri)


@server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
def did_change(params: types.DidChangeTextDocumentParams) -> None:
    """Count the document again."""
    _count(params.text_document.uri)


@server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
def inlay_hint(params: types.InlayHintParams) -> list[types.InlayHint]:
    """Answer with the total, in one hint."""
    total = totals[params.text_document.uri]
    return [types.InlayHint(position=params.range.start, label=f"{total:,} tok")]


if __name__ == "__main__":
    server.start_io()
