"""The server as a process of its own, spoken to over its pipes as editors do it."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any, BinaryIO

from scripts.demo.failure import DemoError

Message = dict[str, Any]


class ServerProcess:
    """A running server; messages go in and come out whole."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Start the server that this Python has installed."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "promptls", "server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        assert self._process.stdout is not None  # noqa: S101
        self._messages: queue.Queue[Message | None] = queue.Queue()
        reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        reader.start()

    def _read(self, stream: BinaryIO) -> None:
        while True:
            length = 0
            while line := stream.readline().strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not length:
                self._messages.put(None)
                return
            self._messages.put(json.loads(stream.read(length)))

    def send(self, message: Mapping[str, Any]) -> None:
        """Write one message."""
        body = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode()
        assert self._process.stdin is not None  # noqa: S101
        try:
            self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise DemoError("the server has ended") from error

    def receive(self, timeout: float) -> Message | None:
        """Read one message; None when none comes within `timeout` seconds."""
        try:
            message = self._messages.get(timeout=max(timeout, 0))
        except queue.Empty:
            return None
        if message is None:
            raise DemoError("the server has ended")
        return message

    def wait(self, timeout: float) -> None:
        """Wait until the server has ended by itself; its exit code has to be 0."""
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired as error:
            raise DemoError(f"the server did not end within {timeout:.0f} s") from error
        if code != 0:
            raise DemoError(f"the server ended with code {code}")

    def kill(self) -> None:
        """End the server, whatever it is doing."""
        self._process.kill()
        self._process.wait()
