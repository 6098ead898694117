"""The same server on a socket."""

from __future__ import annotations

import contextlib
import json
import socket
import time

import pytest
from tests.lsp.protocol.conftest import Start
from tests.lsp.wire import TIMEOUT, Message, Wire, frame


def bound_port(wire: Wire) -> int:
    deadline = time.monotonic() + TIMEOUT
    while "listening on" not in wire.stderr or "\n" not in wire.stderr:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return int(wire.stderr.rsplit(":", 1)[1])


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)


def ask(client: socket.socket, id_: int, method: str, params: object = None) -> Message:
    client.sendall(frame({"jsonrpc": "2.0", "id": id_, "method": method, "params": params}))
    stream = client.makefile("rb")
    length = int(stream.readline().partition(b":")[2])
    stream.readline()
    message: Message = json.loads(stream.read(length))
    return message


INITIALIZE: Message = {"processId": None, "capabilities": {}}


@pytest.mark.parametrize(("shutdown", "code"), [(True, 0), (False, 1)])
def test_a_session(start: Start, shutdown: bool, code: int) -> None:
    with start("--tcp") as wire, connect(bound_port(wire)) as client:
        assert "capabilities" in ask(client, 1, "initialize", INITIALIZE)["result"]
        assert ask(client, 2, "demo/echo", "x")["result"] == "x"
        if shutdown:
            assert ask(client, 3, "shutdown")["result"] is None
        client.shutdown(socket.SHUT_WR)
        assert wire.exit_code() == code


def test_a_web_page_cannot_speak_to_it(start: Start) -> None:
    with start("--tcp") as wire:
        port = bound_port(wire)
        with connect(port) as page:
            page.sendall(b"POST / HTTP/1.1\r\n" + frame({"id": 1, "method": "initialize"}))
            with contextlib.suppress(ConnectionResetError):
                assert page.recv(100) == b""
        with connect(port) as client:
            assert "result" in ask(client, 1, "initialize", INITIALIZE)


def test_other_machines_are_refused(start: Start) -> None:
    with start("--remote") as wire:
        assert wire.exit_code() == 2
        assert "loopback" in wire.stderr
