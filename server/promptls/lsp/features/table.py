"""Which requests and notifications the server answers: known before the features are loaded.

The reply to `initialize` needs only this table; the features and all they work with are imported
after it was sent (60 ms that the editor does not wait for).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from lsprotocol import types

from promptls.lsp.protocol.dispatch import FastHandler
from promptls.lsp.protocol.server import HardenedServer

REPORT = "promptls/report"
RENDER = "promptls/render"
TRUST_GRANTED = "promptls/trustGranted"

ADVERTISED: dict[str, Any] = {
    types.INITIALIZED: None,
    types.SHUTDOWN: None,
    types.TEXT_DOCUMENT_DID_OPEN: None,
    types.TEXT_DOCUMENT_DID_CHANGE: None,
    types.TEXT_DOCUMENT_DID_CLOSE: None,
    types.TEXT_DOCUMENT_DID_SAVE: None,
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: None,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: None,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: None,
    types.WINDOW_WORK_DONE_PROGRESS_CANCEL: None,
    types.TEXT_DOCUMENT_INLAY_HINT: types.InlayHintOptions(resolve_provider=False),
    types.TEXT_DOCUMENT_HOVER: None,
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: None,
    types.TEXT_DOCUMENT_FOLDING_RANGE: None,
    types.TEXT_DOCUMENT_CODE_LENS: types.CodeLensOptions(resolve_provider=False),
    REPORT: None,
    RENDER: None,
    TRUST_GRANTED: None,
}
"""Methods with the options that the capabilities tell."""

PULL: dict[str, Any] = {
    types.TEXT_DOCUMENT_DIAGNOSTIC: types.DiagnosticOptions(
        inter_file_dependencies=False, workspace_diagnostics=True, identifier="promptls"
    ),
    types.WORKSPACE_DIAGNOSTIC: None,
}
"""The same, only for clients that ask for diagnostics: those get none pushed."""

F = TypeVar("F", bound=Callable[..., Any])


class FeatureTable:
    """The handlers of all methods, filled in when they are first needed."""

    def __init__(self, server: HardenedServer, load: Callable[[FeatureTable], None]) -> None:
        self._server = server
        self._load = load
        self._handlers: dict[str, Callable[[Any], Any]] = {}
        self._loaded = False

    def advertise(self, methods: dict[str, Any]) -> None:
        """Have the server take messages of these methods."""
        for method, options in methods.items():
            self._server.feature(method, options)(self._forward(method))

    def handler(self, method: str) -> Callable[[F], F]:
        """Make a function the handler of a method; it gets the structured parameters."""

        def keep(function: F) -> F:
            self._handlers[method] = function
            return function

        return keep

    def fast(self, method: str, handler: FastHandler) -> None:
        """Make a function the fast handler of a method (see HardenedServer)."""
        self._server.fast(method, handler)

    def load(self) -> None:
        """Import the features and fill in their handlers, once."""
        if not self._loaded:
            self._loaded = True
            self._load(self)

    @property
    def methods(self) -> frozenset[str]:
        """The methods that have a handler."""
        return frozenset(self._handlers)

    def _forward(self, method: str) -> Callable[[Any], Any]:
        def forward(params: Any) -> Any:  # noqa: ANN401 - whatever the method has
            self.load()
            return self._handlers[method](params)

        return forward
