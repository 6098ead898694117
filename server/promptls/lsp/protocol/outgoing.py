"""What the server sends of its own accord: notifications, and requests to the client."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol

from promptls.lsp.protocol.logs import describe
from promptls.lsp.protocol.messages import ErrorCode

if TYPE_CHECKING:
    from cattrs import Converter
    from pygls.lsp.server import LanguageServer

    from promptls.lsp.protocol.transport import Outbox

logger = logging.getLogger(__name__)


class OutgoingProtocol(LanguageServerProtocol):
    """Replaces pygls's sending, which logs what it sends."""

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        super().__init__(server, converter)
        self.outbox: Outbox
        self._ids = itertools.count(1)
        self._awaited: dict[str | int, tuple[str, Future[Any]]] = {}

    def encode(self, value: object) -> bytes:
        """Give `value` as JSON: plain values, lsprotocol's types, or a mixture of both.

        Raises TypeError or ValueError for what JSON cannot hold.
        """
        return json.dumps(
            value, default=self._serialize_message, separators=(",", ":"), allow_nan=False
        ).encode()

    def notify(self, method: str, params: object = None) -> None:
        """Send a notification; from any thread."""
        self.outbox.send(self._encode_message({"method": method}, params))

    def send_request(
        self,
        method: str,
        params: object = None,
        callback: Callable[[Any], None] | None = None,
        msg_id: str | int | None = None,
    ) -> Future[Any]:
        """Send a request to the client, from the loop's thread only.

        The future gets the structured result, or a `JsonRpcException` if the client refuses. A
        client that never answers leaves it pending; cancel it to be rid of it.
        """
        id_ = f"promptls-{next(self._ids)}" if msg_id is None else msg_id
        future: Future[Any] = Future()
        future.add_done_callback(lambda _done: self._awaited.pop(id_, None))
        if callback is not None:
            future.add_done_callback(lambda done: _call_back(callback, method, done))
        body = self._encode_message({"id": id_, "method": method}, params)
        self._awaited[id_] = (method, future)
        self.outbox.send(body)
        return future

    def send_request_async(
        self, method: str, params: object = None, msg_id: str | int | None = None
    ) -> asyncio.Future[Any]:
        """Send a request to the client and give a future to await on the loop."""
        return asyncio.wrap_future(self.send_request(method, params, msg_id=msg_id))

    def receive_response(self, message: dict[str, Any]) -> None:
        """Settle the request that `message` answers; an answer to none is ignored."""
        id_ = message["id"]
        if type(id_) not in (str, int) or id_ not in self._awaited:
            return
        method, future = self._awaited[id_]
        if not future.set_running_or_notify_cancel():
            return
        if "error" in message:
            future.set_exception(_client_error(message["error"]))
            return
        result_type = self.get_result_type(method)
        try:
            result = message["result"]
            if result_type is not None:
                result = self._converter.structure(message, result_type).result
        except Exception as error:
            logger.warning("the client's answer to %s is invalid: %s", method, describe(error))
            future.set_exception(
                JsonRpcException(
                    f"the client's answer to {method} is invalid", ErrorCode.INVALID_PARAMS
                )
            )
            return
        future.set_result(result)

    def _encode_message(self, head: dict[str, Any], params: object) -> bytes:
        message: dict[str, object] = {"jsonrpc": "2.0", **head}
        if params is not None:
            message["params"] = params
        return self.encode(message)


def _call_back(callback: Callable[[Any], None], method: str, done: Future[Any]) -> None:
    if done.cancelled() or done.exception() is not None:
        return
    try:
        callback(done.result())
    except Exception as error:
        logger.error("internal error after the answer to %s: %s", method, describe(error))


def _client_error(error: object) -> JsonRpcException:
    """Make the exception for a client's error object, whatever shape it has."""
    fields = error if isinstance(error, dict) else {}
    code, message = fields.get("code"), fields.get("message")
    return JsonRpcException(
        message if isinstance(message, str) else "the client refused",
        code if type(code) is int else ErrorCode.INTERNAL_ERROR,
    )
