"""A synchronous language client over raw pipes that costs as little as a client can.

What is timed goes through `write` and `reply`: system calls, one search for the end of the frame
and one for its id. Everything else (requests of the server, notifications) is set aside and
parsed only when it turns up.
"""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import tempfile
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self

FIRST_ID = 1_000_000
"""Ids start here, so that they cannot be taken for those of the server's own requests."""

_READ_BYTES = 1 << 16
_ID_WITHIN = 64
_find_length = re.compile(rb"content-length: *(\d+)", re.IGNORECASE).search
_find_id = re.compile(rb'"id": ?(\d+)').search


class ServerGoneError(Exception):
    """The server's output ended, or its time was up."""


class RefusedError(Exception):
    """The server answered a request with an error."""


class Notification(NamedTuple):
    """A notification or request of the server, and when it was read (`time.perf_counter`)."""

    method: str
    params: Any
    at: float


def frame(message: Mapping[str, Any]) -> bytes:
    """Encode a message as editors do: compact UTF-8 JSON, nothing escaped that need not be."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


class Client:
    """One server process and the conversation with it; a context manager that ends it."""

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], time_limit: float = 600.0
    ) -> None:
        """Start `command`; it is killed after `time_limit` seconds, so that no read hangs."""
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed in __exit__)
        self.spawned_at = time.perf_counter()
        self.process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=dict(env),
            bufsize=0,
        )
        assert self.process.stdin is not None and self.process.stdout is not None  # noqa: S101
        self._to = self.process.stdin.fileno()
        self._from = self.process.stdout.fileno()
        self._rest = b""
        self._next_id = FIRST_ID
        self.inbox: deque[Notification] = deque()
        self._watchdog = threading.Timer(time_limit, self.process.kill)
        self._watchdog.daemon = True
        self._watchdog.start()

    def __enter__(self) -> Self:
        """Nothing to do: the process runs already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Kill the process; how servers shut down is not what is measured."""
        self._watchdog.cancel()
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self._log):
            if stream is not None:
                stream.close()

    def new_id(self) -> int:
        """Give an id for the next request."""
        self._next_id += 1
        return self._next_id

    def write(self, data: bytes) -> None:
        """Write all of `data`."""
        try:
            written = os.write(self._to, data)
            while written < len(data):
                data = data[written:]
                written = os.write(self._to, data)
        except BrokenPipeError as error:
            raise ServerGoneError(self._last_words()) from error

    def reply(self, request_id: int) -> bytes:
        """Read up to the reply with this id and give its body, unparsed."""
        while True:
            body = self._read_frame()
            found = _find_id(body, 0, _ID_WITHIN)
            if found is not None and int(found[1]) == request_id:
                return body
            message = json.loads(body)
            if message.get("id") == request_id and "method" not in message:
                return body
            self._set_aside(message)

    def send_request(self, method: str, params: Mapping[str, Any]) -> int:
        """Send a request and give its id."""
        request_id = self.new_id()
        message = {"jsonrpc": "2.0", "id": request_id, "method": method, "params": params}
        self.write(frame(message))
        return request_id

    def request(self, method: str, params: Mapping[str, Any]) -> Any:  # noqa: ANN401 (each method has its own)
        """Send a request, wait for the reply and give its result (`RefusedError` on an error)."""
        message = json.loads(self.reply(self.send_request(method, params)))
        if "error" in message:
            raise RefusedError(f"{method}: {message['error'].get('message')}")
        return message["result"]

    def notify(self, method: str, params: Mapping[str, Any]) -> None:
        """Send a notification."""
        self.write(frame({"jsonrpc": "2.0", "method": method, "params": params}))

    def wait_for_message(self, timeout: float) -> bool:
        """Read one message that is no reply into the inbox; False when none came in time."""
        if b"\r\n\r\n" not in self._rest and not self._readable(timeout):
            return False
        self._set_aside(json.loads(self._read_frame()))
        return True

    def wait_for_end(self) -> None:
        """Wait until the process has ended, however it does."""
        self.process.wait()

    def drain(self) -> None:
        """Read what has already come, so that it does not fall into a timed stretch."""
        while self.wait_for_message(0):
            pass

    def _readable(self, timeout: float) -> bool:
        return bool(select.select([self._from], [], [], timeout)[0])

    def _read_frame(self) -> bytes:
        data = self._rest
        while (head := data.find(b"\r\n\r\n")) < 0:
            data += self._read_some()
        found = _find_length(data, 0, head)
        if found is None:
            raise ServerGoneError(f"a frame without Content-Length: {data[:head]!r}")
        start = head + 4
        end = start + int(found[1])
        missing = end - len(data)
        if missing > 0:
            parts = [data]
            while missing > 0:
                parts.append(self._read_some())
                missing -= len(parts[-1])
            data = b"".join(parts)
        self._rest = data[end:]
        return data[start:end]

    def _read_some(self) -> bytes:
        data = os.read(self._from, _READ_BYTES)
        if not data:
            raise ServerGoneError(self._last_words())
        return data

    def _set_aside(self, message: dict[str, Any]) -> None:
        """Keep what the server says of its own accord, and answer what it asks."""
        method = message.get("method")
        if method is None:
            return
        self.inbox.append(Notification(method, message.get("params"), time.perf_counter()))
        if "id" not in message:
            return
        result = None
        if method == "workspace/configuration":
            result = [None] * len(message["params"]["items"])
        self.write(frame({"jsonrpc": "2.0", "id": message["id"], "result": result}))

    def _last_words(self) -> str:
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines()
        return "the server ended: " + (" | ".join(lines[-3:]) or "nothing on stderr")
