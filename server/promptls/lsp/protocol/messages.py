"""JSON-RPC messages as plain values: decoding, checking, and encoding of answers."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass
from typing import Any, Final

MessageId = int | str | float
"""LSP allows integers and strings; a float is echoed rather than refused."""


class ErrorCode(enum.IntEnum):
    """The codes of JSON-RPC 2.0 and of LSP 3.17 that this server answers with."""

    PARSE_ERROR = -32700
    INVALID_REQUEST = -32600
    METHOD_NOT_FOUND = -32601
    INVALID_PARAMS = -32602
    INTERNAL_ERROR = -32603
    SERVER_NOT_INITIALIZED = -32002
    REQUEST_CANCELLED = -32800


@dataclass(frozen=True, slots=True)
class Fault:
    """What stands in the queue in place of a message that is none."""

    code: ErrorCode
    message: str
    id: MessageId | None = None


UNREADABLE: Final = Fault(ErrorCode.PARSE_ERROR, "the message is not JSON in UTF-8")
OUT_OF_STEP: Final = Fault(ErrorCode.PARSE_ERROR, "no valid Content-Length header; bytes skipped")

Incoming = dict[str, Any] | Fault


def decode(text: str) -> Incoming:
    """Read one message; a fault where it is no JSON or no JSON-RPC message.

    In a dict that is returned `method`, if there, is a string, and `id`, if there, is an integer,
    a string or a finite float; for responses any id is let through.
    """
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return UNREADABLE
    if type(message) is not dict:
        return Fault(ErrorCode.INVALID_REQUEST, "a message must be one JSON object, not a batch")
    if "method" not in message:
        if "id" in message and ("result" in message or "error" in message):
            return message
        return Fault(ErrorCode.INVALID_REQUEST, "neither method nor result", _id_of(message))
    if type(message["method"]) is not str:
        return Fault(ErrorCode.INVALID_REQUEST, "method must be a string", _id_of(message))
    if "id" in message and _id_of(message) is None:
        return Fault(ErrorCode.INVALID_REQUEST, "id must be an integer or a string")
    return message


def encode_result(id_: MessageId, result: bytes) -> bytes:
    """Give the body of a response; `result` is JSON already."""
    if type(id_) is int:
        return b'{"jsonrpc":"2.0","id":%d,"result":%b}' % (id_, result)
    return b'{"jsonrpc":"2.0","id":%b,"result":%b}' % (json.dumps(id_).encode(), result)


def encode_error(id_: MessageId | None, code: int, message: str, data: object = None) -> bytes:
    """Give the body of an error response; `data` must be plain JSON values."""
    error: dict[str, Any] = {"code": int(code), "message": message}
    if data is not None:
        error["data"] = data
    return json.dumps({"jsonrpc": "2.0", "id": id_, "error": error}).encode()


def _id_of(message: dict[str, Any]) -> MessageId | None:
    """Give the message's id where it is a usable one."""
    id_ = message.get("id")
    if type(id_) is int or type(id_) is str:
        return id_
    if type(id_) is float and id_ - id_ == 0.0:  # neither NaN nor infinite
        return id_
    return None
