"""The language server to build on: pygls's, with the hardened protocol under it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types
from pygls.exceptions import ThreadDecoratorError
from pygls.lsp.server import LanguageServer

from promptls.lsp.protocol.dispatch import FastHandler, HardenedProtocol
from promptls.lsp.protocol.logs import describe

if TYPE_CHECKING:
    from pygls.server import ServerErrors

F = TypeVar("F", bound=Callable[..., Any])

logger = logging.getLogger(__name__)


class HardenedServer(LanguageServer):
    """Features and commands are registered as with pygls; `serving` starts it.

    For a method without a type in LSP the handler gets the parameters as decoded JSON. A fast
    handler stands before a feature and does not make up for it: the capabilities are built from
    the features.
    """

    protocol: HardenedProtocol

    def __init__(
        self,
        name: str,
        version: str,
        text_document_sync_kind: types.TextDocumentSyncKind = (
            types.TextDocumentSyncKind.Incremental
        ),
    ) -> None:
        super().__init__(
            name, version, text_document_sync_kind, protocol_cls=HardenedProtocol, max_workers=1
        )

    def fast(self, method: str, handler: FastHandler) -> None:
        """Have `handler` asked before the feature: it takes and gives raw JSON.

        It may return `DEFER` to have the feature called, and may raise `InvalidParams`.
        """
        self.protocol.fast[method] = handler

    def thread(self) -> Callable[[F], F]:
        """Refuse pygls's thread handlers: they share a pool, and cancelling does not stop them."""
        raise ThreadDecoratorError("make the handler async and await an executor of your own")

    def report_server_error(self, error: Exception, source: ServerErrors) -> None:
        """Log what pygls would show in a pop-up, without its text."""
        logger.error("%s: %s", source.__name__, describe(error))
