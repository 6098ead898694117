from __future__ import annotations

import json

import pytest

from promptls.lsp.protocol.messages import Fault, MessageId, decode, encode_error, encode_result

DEEP = "[" * 200_000 + "]" * 200_000


@pytest.mark.parametrize(
    "message",
    [
        {"id": 1, "method": "m"},
        {"id": "a", "method": "m", "params": {"x": "\ud800"}},
        {"id": 1.5, "method": "m"},
        {"method": "m"},
        {"id": 1, "result": None},
        {"id": None, "error": {"code": 1, "message": "m"}},
    ],
)
def test_messages(message: object) -> None:
    assert decode(json.dumps(message)) == message


@pytest.mark.parametrize(
    ("text", "code", "id_"),
    [
        ("", -32700, None),
        ("{", -32700, None),
        ("\ufeff{}", -32700, None),
        (DEEP, -32700, None),
        ('{"id":' + "9" * 5000 + ',"method":"m"}', -32700, None),
        ("[]", -32600, None),
        ('[{"id":1,"method":"m"}]', -32600, None),
        ("null", -32600, None),
        ('"text"', -32600, None),
        ("{}", -32600, None),
        ('{"id":7}', -32600, 7),
        ('{"id":7,"method":5}', -32600, 7),
        ('{"id":7,"method":null}', -32600, 7),
        ('{"id":null,"method":"m"}', -32600, None),
        ('{"id":true,"method":"m"}', -32600, None),
        ('{"id":{"a":1},"method":"m"}', -32600, None),
        ('{"id":[1],"method":"m"}', -32600, None),
        ('{"id":NaN,"method":"m"}', -32600, None),
        ('{"id":1e999,"method":"m"}', -32600, None),
    ],
)
def test_faults(text: str, code: int, id_: MessageId | None) -> None:
    fault = decode(text)
    assert isinstance(fault, Fault)
    assert (fault.code, fault.id) == (code, id_)


@pytest.mark.parametrize("id_", [0, -5, 2**70, "a", 'quote"\n', "\ud800", 1.5])
def test_answers_are_json_with_the_same_id(id_: MessageId) -> None:
    assert json.loads(encode_result(id_, b'{"a":[]}')) == {
        "jsonrpc": "2.0",
        "id": id_,
        "result": {"a": []},
    }
    assert json.loads(encode_error(id_, -32600, "m", {"d": 1})) == {
        "jsonrpc": "2.0",
        "id": id_,
        "error": {"code": -32600, "message": "m", "data": {"d": 1}},
    }
