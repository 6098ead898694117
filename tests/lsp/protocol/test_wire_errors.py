"""What bad messages get from a real server process, and that it goes on."""

from __future__ import annotations

import pytest
from tests.lsp.protocol.conftest import Start
from tests.lsp.wire import Message, Wire, frame

URI = "demo:a"
POSITION = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}}


def outline(message: Message) -> tuple[object, object]:
    return message.get("id"), message.get("error", {}).get("code")


def alive(wire: Wire) -> bool:
    return bool(wire.result("demo/echo", {"still": "here"}) == {"still": "here"})


def body(text: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(text), text)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (body(b"{"), (None, -32700)),
        (body(b""), (None, -32700)),
        (body(b'{"x":"\xff\xfe"}'), (None, -32700)),
        (body(b"[" * 200_000), (None, -32700)),
        (body(b"[" * 200_000 + b"]" * 200_000), (None, -32700)),
        (body(b'{"method":' + b'{"a":' * 200_000 + b"1" + b"}" * 200_001), (None, -32700)),
        (body(b'[{"jsonrpc":"2.0","id":1,"method":"shutdown"}]'), (None, -32600)),
        (body(b"[]"), (None, -32600)),
        (body(b"17"), (None, -32600)),
        (body(b'{"jsonrpc":"2.0","id":null,"method":"demo/echo"}'), (None, -32600)),
        (body(b'{"jsonrpc":"2.0","id":{},"method":"demo/echo"}'), (None, -32600)),
        (body(b'{"jsonrpc":"2.0","id":3,"method":[]}'), (3, -32600)),
        (body(b'{"jsonrpc":"2.0","id":4}'), (4, -32600)),
        (b"Content-Type: x\r\n\r\n{}", (None, -32700)),
        (b"Content-Length: -1\r\n\r\n", (None, -32700)),
        (b"Content-Length: 99999999999999999999\r\n\r\n{}", (None, -32700)),
        (b"Content-Length: 800000000\r\n\r\n{}" + frame({"id": 9, "method": "x"}), (None, -32700)),
        (frame({"id": 5, "method": "no/such"}), (5, -32601)),
        (frame({"id": "s", "method": "$/no/such"}), ("s", -32601)),
        (frame({"id": 6, "method": "initialize", "params": {}}), (6, -32600)),
        (frame({"id": 7, "method": "textDocument/hover"}), (7, -32602)),
        (frame({"id": 7, "method": "textDocument/hover", "params": []}), (7, -32602)),
        (frame({"id": 7, "method": "textDocument/hover", "params": {"position": 1}}), (7, -32602)),
        (frame({"id": 8, "method": "demo/unserialisable"}), (8, -32603)),
        (frame({"id": 10, "method": "workspace/executeCommand", "params": {"command": "no"}}),
         (10, -32602)),
        (frame({"id": 11, "method": "workspace/executeCommand",
                "params": {"command": "demo.add", "arguments": ["a", 1]}}), (11, -32602)),
    ],
)  # fmt: skip
def test_bad_requests_are_answered(
    shared: Wire, data: bytes, expected: tuple[object, object]
) -> None:
    shared.send_bytes(data)
    assert outline(shared.recv()) == expected
    assert alive(shared)
    shared.backlog.clear()


@pytest.mark.parametrize(
    "message",
    [
        {"method": "no/such", "params": {}},
        {"method": "$/no/such"},
        {"method": "textDocument/didOpen", "params": {"textDocument": 5}},
        {"method": "textDocument/didClose", "params": POSITION},
        {"method": "textDocument/didChange", "params": {"textDocument": {"uri": "demo:unknown"}}},
        {"method": "textDocument/didChange"},
        {"method": "$/cancelRequest"},
        {"method": "$/cancelRequest", "params": {"id": [1]}},
        {"method": "$/cancelRequest", "params": {"id": "unknown"}},
        {"method": "initialized", "params": 3},
        {"method": "demo/note", "params": "x"},
        {"id": 99, "result": 5},
        {"id": "promptls-99", "error": "what"},
        {"id": [], "result": 5},
    ],
)
def test_bad_notifications_and_responses_are_ignored(shared: Wire, message: Message) -> None:
    shared.send(message)
    assert alive(shared)
    assert shared.quiet(0.05)


@pytest.mark.parametrize("id_", [0, -1, 2**40, "text", "\ud83d", 1.5])
def test_ids_come_back_as_they_were(shared: Wire, id_: object) -> None:
    shared.send({"jsonrpc": "2.0", "id": id_, "method": "demo/echo", "params": "x"})
    response = shared.recv()
    assert (response["id"], response["result"]) == (id_, "x")


@pytest.mark.parametrize("text", ["\ud800 lone", "\x00\x0c\x0b\u2028", "\U0001f600", "\ufeff"])
def test_any_text_survives_both_ways(shared: Wire, text: str) -> None:
    assert shared.result("demo/echo", {"text": text}) == {"text": text}


@pytest.mark.parametrize(
    "header",
    [
        b"content-length:%d\r\n\r\n",
        b"X-A: b\r\nCONTENT-LENGTH: %d\r\n\r\n",
        b"Content-Length:%d\n\n",
    ],
)
def test_headers_of_any_form(shared: Wire, header: bytes) -> None:
    text = b'{"jsonrpc":"2.0","id":"h","method":"demo/echo","params":1}'
    shared.send_bytes(header % len(text) + text)
    assert shared.response("h")["result"] == 1


def test_a_message_in_single_bytes(shared: Wire) -> None:
    for byte in frame({"jsonrpc": "2.0", "id": "slow", "method": "demo/echo", "params": [1]}):
        shared.send_bytes(bytes([byte]))
    assert shared.response("slow")["result"] == [1]


def test_ten_megabytes_both_ways(shared: Wire) -> None:
    text = "wörter " * 1_400_000
    assert shared.result("demo/echo", text) == text


def test_what_invalid_params_say_names_the_field_and_quotes_nothing(shared: Wire) -> None:
    params = {"textDocument": {"uri": URI}, "position": {"line": "secret text", "character": 0}}
    message = shared.request("textDocument/hover", params)["error"]["message"]
    assert "position.line" in message
    assert "secret" not in message


def test_requests_before_initialize(start: Start) -> None:
    with start() as wire:
        assert outline(wire.request("textDocument/hover", POSITION)) == (1, -32002)
        assert outline(wire.request("textDocument/inlayHint", POSITION)) == (2, -32002)
        wire.notify("textDocument/didOpen", {"textDocument": {"uri": URI}})
        wire.notify("$/cancelRequest", {"id": 5})
        bad = wire.request("initialize", {"capabilities": 5})
        assert outline(bad) == (3, -32602)
        wire.initialize()
        assert wire.result("demo/echo", "five") == "five"
        assert wire.result("demo/documents") == {"texts": {}, "pygls": []}


def test_requests_after_shutdown(demo: Wire) -> None:
    assert demo.result("shutdown") is None
    for method in ("textDocument/hover", "textDocument/inlayHint", "initialize", "shutdown"):
        assert demo.request(method, POSITION)["error"]["code"] == -32600
    demo.notify("demo/note", "x")
    demo.notify("exit")
    assert demo.exit_code() == 0
    assert not demo.backlog
