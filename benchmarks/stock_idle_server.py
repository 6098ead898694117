"""Stock idle server: plain pygls that answers hint requests with an empty list.

What makes it idle is the empty document that it is given.
"""

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("stock-idle", "1")


@server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
def inlay_hint(_params: types.InlayHintParams) -> list[types.InlayHint]:
    """Answer with nothing."""
    return []


if __name__ == "__main__":
    server.start_io()
