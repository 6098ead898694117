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
SUMMARY = "promptls/summary"
RENDER = "promptls/render"
MODELS = "promptls/models"
STATUS = "promptls/status"
JOBS = "promptls/jobs"
WORKSPACE_REPORT = "promptls/workspaceReport"
TRUST_GRANTED = "promptls/trustGranted"
SHOW_JOBS = "promptls.showJobs"
REFRESH_REFERENCES = "promptls.refreshReferences"

TOKEN_TYPES = ("keyword", "string", "variable", "parameter")
"""The legend of semantic tokens: standard types, so that every theme has a colour for them."""
_LEGEND = types.SemanticTokensLegend(token_types=TOKEN_TYPES, token_modifiers=())
_COMPLETION_TRIGGERS = ("@", ":", "/", "#", "{", "$", "?", "&")

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
    types.TEXT_DOCUMENT_DOCUMENT_LINK: types.DocumentLinkOptions(resolve_provider=False),
    types.TEXT_DOCUMENT_DEFINITION: None,
    types.TEXT_DOCUMENT_COMPLETION: types.CompletionOptions(
        trigger_characters=_COMPLETION_TRIGGERS, resolve_provider=False
    ),
    types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(
        code_action_kinds=[types.CodeActionKind.QuickFix], resolve_provider=False
    ),
    types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL: _LEGEND,
    types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE: _LEGEND,
    types.TEXT_DOCUMENT_REFERENCES: None,
    types.WORKSPACE_WILL_RENAME_FILES: types.FileOperationRegistrationOptions(
        filters=[types.FileOperationFilter(types.FileOperationPattern("**/*"), scheme="file")]
    ),
    REPORT: None,
    SUMMARY: None,
    RENDER: None,
    MODELS: None,
    STATUS: None,
    WORKSPACE_REPORT: None,
    JOBS: None,
    TRUST_GRANTED: None,
}
"""Methods with the options that the capabilities tell."""

COMMANDS = (SHOW_JOBS, REFRESH_REFERENCES)
"""Commands that clients can have executed. They take no arguments."""

PULL: dict[str, Any] = {
    types.TEXT_DOCUMENT_DIAGNOSTIC: types.DiagnosticOptions(
        inter_file_dependencies=True, workspace_diagnostics=True, identifier="promptls"
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
        self._handlers: dict[str, Callable[..., Any]] = {}
        self._loaded = False

    def advertise(self, methods: dict[str, Any]) -> None:
        """Have the server take messages of these methods."""
        for method, options in methods.items():
            self._server.feature(method, options)(self._forward(method))

    def advertise_commands(self) -> None:
        """Have the server take the commands; their handlers are those of their names."""
        for command in COMMANDS:
            self._server.command(command)(self._execute(command))

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

    def _execute(self, command: str) -> Callable[[], Any]:
        def execute() -> Any:  # noqa: ANN401 - whatever the command gives
            self.load()
            return self._handlers[command]()

        return execute
