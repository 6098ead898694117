"""The protocol: which handler a message goes to, and what the client is told.

Features are registered with pygls (`@server.feature`, `@server.command`); pygls builds the
capabilities and keeps the workspace folders. Documents are ours alone: no pygls `TextDocument`
is ever made. Handlers run on the loop. A handler that is `async`, or returns an awaitable after
having read what must be current, goes on as a task that `$/cancelRequest` really cancels.
"""

from __future__ import annotations

import asyncio
import enum
import inspect
import logging
from collections.abc import Awaitable, Callable, Generator
from typing import TYPE_CHECKING, Any, Final, Literal

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import lsp_method

from promptls.lsp.protocol import collector
from promptls.lsp.protocol.lifecycle import Phase
from promptls.lsp.protocol.logs import describe
from promptls.lsp.protocol.messages import (
    ErrorCode,
    Fault,
    Incoming,
    MessageId,
    encode_error,
    encode_result,
)
from promptls.lsp.protocol.outgoing import OutgoingProtocol
from promptls.lsp.protocol.parameters import InvalidParams, structure_params

if TYPE_CHECKING:
    from cattrs import Converter
    from pygls.lsp.server import LanguageServer

    from promptls.lsp.protocol.lifecycle import Ending
    from promptls.lsp.protocol.transport import Outbox

DOCUMENT_METHODS: Final = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
)
"""What pygls would keep in its own documents; here it reaches the registered features only."""


class Deferral(enum.Enum):
    """The type of `DEFER`."""

    DEFER = enum.auto()


DEFER: Final = Deferral.DEFER
"""What a fast handler returns to have the registered feature called instead."""

FastHandler = Callable[[dict[str, Any]], bytes | Literal[Deferral.DEFER] | None]
"""Takes the whole message as decoded; gives the result as JSON, or None (a notification)."""

logger = logging.getLogger(__name__)


class HardenedProtocol(OutgoingProtocol):
    """Dispatches messages so that a bad one is answered, and costs the server nothing more."""

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        super().__init__(server, converter)
        for method in DOCUMENT_METHODS:
            self.fm.builtin_features.pop(method, None)
        self.fast: dict[str, FastHandler] = {}
        """Handlers by method that are asked before the registered feature."""
        self.phase = Phase.CREATED
        self.cancelled: set[Any] = set()
        """Ids whose cancellation has been read; added to by the reader's thread."""
        self._fast_now: dict[str, FastHandler] = {}  # `fast` while the server is running
        self._running: dict[MessageId, asyncio.Task[None]] = {}
        self._background: set[asyncio.Task[None]] = set()
        self._ending: Ending
        self._on_process_id: Callable[[int], None] | None = None

    def connect(
        self,
        outbox: Outbox,
        ending: Ending,
        on_process_id: Callable[[int], None] | None,
    ) -> None:
        """Join the transport; `on_process_id` is told which process to outlive by no means."""
        self.outbox = outbox
        self._ending = ending
        self._on_process_id = on_process_id

    def receive(self, message: Incoming) -> None:
        """Handle one incoming message; never raises."""
        if isinstance(message, Fault):
            logger.warning("bad message: %s", message.message)
            self.outbox.send(encode_error(message.id, message.code, message.message))
            return
        method = message.get("method")
        id_ = message.get("id")
        if method is None:
            self.receive_response(message)
            return
        if self.cancelled and id_ in self.cancelled:
            self._fail(id_, ErrorCode.REQUEST_CANCELLED, "cancelled before it began")
            return
        fast = self._fast_now.get(method)
        if fast is not None:
            try:
                result = fast(message)
            except Exception as error:
                self._report(id_, method, error)
                return
            if result is not DEFER:
                if id_ is not None:
                    self.outbox.send(encode_result(id_, result or b"null"))
                return
        self._dispatch(id_, method, message)

    def _dispatch(self, id_: MessageId | None, method: str, message: dict[str, Any]) -> None:
        if method == types.CANCEL_REQUEST:
            self._cancel(message.get("params"))
            return
        if not self._is_admitted(id_, method):
            return
        handler = self.fm.builtin_features.get(method) or self.fm.features.get(method)
        if handler is None:
            if id_ is not None:
                self._fail(id_, ErrorCode.METHOD_NOT_FOUND, "this server has no such method")
            elif not method.startswith("$/"):
                logger.info("ignored an unknown notification")
            return
        try:
            result = handler(structure_params(self._converter, method, message.get("params")))
            if inspect.isgenerator(result):
                result = self._advance(result, None)
        except (Exception, asyncio.CancelledError) as error:
            self._report(id_, method, error)
            return
        if inspect.isawaitable(result):
            self._start(id_, method, result)
        elif id_ is not None:
            self._respond(id_, method, result)

    def _is_admitted(self, id_: MessageId | None, method: str) -> bool:
        """Whether the phase allows the message; a request that it does not is answered."""
        if method == types.EXIT:
            return True
        if method == types.INITIALIZE:
            if self.phase is Phase.CREATED:
                return True
            refusal = (ErrorCode.INVALID_REQUEST, "the server is initialized already")
        elif self.phase is Phase.RUNNING:
            return True
        elif self.phase is Phase.SHUT_DOWN:
            refusal = (ErrorCode.INVALID_REQUEST, "the server has been shut down")
        else:
            refusal = (ErrorCode.SERVER_NOT_INITIALIZED, "send initialize first")
        if id_ is not None:
            self._fail(id_, *refusal)
        return False

    def _advance(self, steps: Generator[Any, Any, Any], value: object) -> object:
        """Run a pygls builtin, which yields calls and is sent their results.

        Goes as far as it can without waiting; gives its result, or an awaitable for it.
        """
        while True:
            try:
                handler, args, kwargs = steps.send(value)
            except StopIteration as stop:
                return stop.value
            value = handler(*args, **(kwargs or {}))
            if inspect.isawaitable(value):
                return self._advance_later(steps, value)

    async def _advance_later(
        self, steps: Generator[Any, Any, Any], value: Awaitable[Any]
    ) -> object:
        result = self._advance(steps, await value)
        return await result if inspect.isawaitable(result) else result

    def _start(self, id_: MessageId | None, method: str, result: Awaitable[Any]) -> None:
        task = asyncio.ensure_future(self._finish(id_, method, result))
        if id_ is None:
            self._background.add(task)
            task.add_done_callback(self._background.discard)
            return
        self._running[id_] = task

        def forget(done: asyncio.Task[None]) -> None:
            if self._running.get(id_) is done:
                del self._running[id_]

        task.add_done_callback(forget)

    async def _finish(self, id_: MessageId | None, method: str, result: Awaitable[Any]) -> None:
        try:
            value = await result
        except (Exception, asyncio.CancelledError) as error:
            self._report(id_, method, error)
            return
        if id_ is not None:
            self._respond(id_, method, value)

    def _cancel(self, params: object) -> None:
        id_ = params.get("id") if isinstance(params, dict) else None
        if not isinstance(id_, (int, str, float)):
            return
        self.cancelled.discard(id_)
        task = self._running.get(id_)
        if task is not None:
            _cancel_once_begun(task)

    def _respond(self, id_: MessageId, method: str, result: object) -> None:
        try:
            body = self.encode(result)
        except Exception as error:
            self._report(id_, method, error)
            return
        self.outbox.send(encode_result(id_, body))

    def _fail(self, id_: MessageId | None, code: int, message: str, data: object = None) -> None:
        if id_ is not None:
            self.outbox.send(encode_error(id_, code, message, data))

    def _report(self, id_: MessageId | None, method: str, error: BaseException) -> None:
        """Answer a request whose handler raised, and log it; neither holds any text."""
        if isinstance(error, asyncio.CancelledError):
            self._fail(id_, ErrorCode.REQUEST_CANCELLED, "cancelled")
        elif isinstance(error, JsonRpcException):
            logger.info("refused %s: %s", method, type(error).__qualname__)
            self._fail(id_, error.code, error.message, error.data)
        else:
            logger.error("internal error in %s: %s", method, describe(error))
            name = type(error).__qualname__
            self._fail(id_, ErrorCode.INTERNAL_ERROR, f"internal error in {method}: {name}")

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(
        self, params: types.InitializeParams
    ) -> Generator[Any, Any, types.InitializeResult]:
        """Have pygls set the workspace up and build the capabilities; then the server runs."""
        self.phase = Phase.INITIALIZING
        try:
            result = yield from super().lsp_initialize(params)
        except BaseException:
            self.phase = Phase.CREATED
            raise
        self.phase = Phase.RUNNING
        self._fast_now = self.fast
        if self._on_process_id is not None and params.process_id is not None:
            self._on_process_id(params.process_id)
        asyncio.get_running_loop().call_soon(collector.settle)  # the reply goes out first
        return result

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *_args: object) -> Generator[Any, Any, None]:
        """Call the registered feature, then cancel what is still running."""
        self.phase = Phase.SHUT_DOWN
        self._fast_now = {}
        if (feature := self.fm.features.get(types.SHUTDOWN)) is not None:
            yield feature, _args, None
        current = asyncio.current_task()
        for task in [*self._running.values(), *self._background]:
            if task is not current:
                _cancel_once_begun(task)

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_args: object) -> Generator[Any, Any, None]:
        """Call the registered feature, then end the process."""
        if (feature := self.fm.features.get(types.EXIT)) is not None:
            yield feature, _args, None
        self._ending.end("exit")

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    def lsp_workspace__execute_command(
        self, params: types.ExecuteCommandParams
    ) -> Generator[Any, Any, Any]:
        """Call a registered command with its arguments structured by its annotations."""
        if params.command not in self.fm.commands:
            raise InvalidParams("this server has no such command")
        steps = super().lsp_workspace__execute_command(params)
        try:
            call = next(steps)
        except JsonRpcException:  # its text quotes the arguments
            raise InvalidParams("the command's arguments are wrong") from None
        return (yield call)


def _cancel_once_begun(task: asyncio.Task[None]) -> None:
    """Cancel `task` after its first step: without one, nothing inside could answer the request."""
    asyncio.get_running_loop().call_soon(task.cancel)
