"""A language client of bare frames: what it sends is what a test wrote, byte for byte."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

Message = dict[str, Any]

TIMEOUT = 20.0
"""Seconds to wait for a message: long, since the machine may be busy; passing tests wait less."""


class NoMessageError(AssertionError):
    """Nothing came within the time."""


def frame(message: object) -> bytes:
    """Give `message` as bytes on the wire, as most clients write them."""
    body = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


class Wire:
    """Speaks with a server process over its standard input and output.

    Messages that a test does not wait for stay in `backlog`, in order.
    """

    def __init__(self, process: subprocess.Popen[bytes], stderr: Path | None = None) -> None:
        self.process = process
        self.backlog: list[Message] = []
        self.answers: dict[str, Callable[[Any], object]] = {}
        """What to answer to the server's requests, by method; others a test has to answer."""
        self._stderr = stderr
        self._next_id = 0
        self._incoming: queue.Queue[Message | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()

    @property
    def stderr(self) -> str:
        """What the server has written to standard error so far."""
        return self._stderr.read_text("utf-8", "replace") if self._stderr else ""

    def send_bytes(self, data: bytes) -> None:
        """Write `data` as it is."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, *messages: object) -> None:
        """Write the messages, framed, in one piece."""
        self.send_bytes(b"".join(frame(message) for message in messages))

    def notify(self, method: str, params: object = None) -> None:
        """Send a notification."""
        message: Message = {"jsonrpc": "2.0", "method": method}
        self.send(message if params is None else {**message, "params": params})

    def start_request(self, method: str, params: object = None) -> int:
        """Send a request and give its id, without waiting for the answer."""
        self._next_id += 1
        message: Message = {"jsonrpc": "2.0", "id": self._next_id, "method": method}
        self.send(message if params is None else {**message, "params": params})
        return self._next_id

    def request(self, method: str, params: object = None, timeout: float = TIMEOUT) -> Message:
        """Send a request and give the whole response."""
        return self.response(self.start_request(method, params), timeout)

    def result(self, method: str, params: object = None, timeout: float = TIMEOUT) -> Any:  # noqa: ANN401
        """Send a request that must succeed and give its result."""
        response = self.request(method, params, timeout)
        assert "result" in response, response
        return response["result"]

    def recv(self, timeout: float = TIMEOUT) -> Message:
        """Give the next message, of any kind."""
        if self.backlog:
            return self.backlog.pop(0)
        return self._next(timeout)

    def response(self, id_: object, timeout: float = TIMEOUT) -> Message:
        """Wait for the response to the request `id_`."""
        return self._wait(lambda m: "method" not in m and m.get("id") == id_, timeout)

    def expect(self, method: str, timeout: float = TIMEOUT) -> Message:
        """Wait for a notification or request `method` from the server."""
        return self._wait(lambda m: m.get("method") == method, timeout)

    def quiet(self, seconds: float) -> bool:
        """Whether nothing at all arrives for so long."""
        if self.backlog:
            return False
        try:
            self.backlog.append(self._next(seconds))
        except NoMessageError:
            return True
        return False

    def initialize(self, **params: object) -> Message:
        """Do the handshake; gives the initialize result."""
        defaults: Message = {"processId": None, "rootUri": None, "capabilities": {}}
        result: Message = self.result("initialize", {**defaults, **params})
        self.notify("initialized", {})
        return result

    def close_input(self) -> None:
        """Close the server's standard input."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def shutdown(self) -> int:
        """Take leave in order; gives the exit code."""
        self.request("shutdown")
        self.notify("exit")
        return self.exit_code()

    def exit_code(self, timeout: float = TIMEOUT) -> int:
        """Wait for the process to end."""
        return self.process.wait(timeout)

    def _wait(self, wanted: Callable[[Message], bool], timeout: float) -> Message:
        for place, message in enumerate(self.backlog):
            if wanted(message):
                return self.backlog.pop(place)
        while True:
            message = self._next(timeout)
            if wanted(message):
                return message
            self.backlog.append(message)

    def _next(self, timeout: float) -> Message:
        try:
            message = self._incoming.get(timeout=timeout)
        except queue.Empty:
            raise NoMessageError(f"nothing within {timeout} s; before: {self.backlog}") from None
        if message is None:
            self._incoming.put(None)
            raise NoMessageError(f"the server closed its output; stderr: {self.stderr[-2000:]}")
        if "id" in message and message.get("method") in self.answers:
            result = self.answers[message["method"]](message.get("params"))
            self.send({"jsonrpc": "2.0", "id": message["id"], "result": result})
        return message

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        length = 0
        while header := stream.readline():
            name, _, value = header.partition(b":")
            if name == b"Content-Length":
                length = int(value)
            elif header == b"\r\n":
                self._incoming.put(json.loads(stream.read(length)))
            else:
                assert name == b"Content-Type", header
        self._incoming.put(None)


@contextlib.contextmanager
def spawned(command: Sequence[str], stderr: Path, **environment: str) -> Iterator[Wire]:
    """Start a server process; its standard error goes to the file `stderr`."""
    with stderr.open("wb") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, **environment},
        )
    with Wire(process, stderr) as wire:
        yield wire


def python(*arguments: str) -> list[str]:
    """Give a command that runs this interpreter."""
    return [sys.executable, *arguments]
