"""A real web server on a loopback address, which answers and misbehaves as it is told."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_DRIP_MAX = 120.0
"""Seconds after which an endless answer ends, should nobody close the connection."""


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    method: str
    path: str
    """With its query."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


@dataclass(frozen=True)
class Reply:
    """One answer. A `content-length` is sent unless the headers have one."""

    body: str | bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = None
    """A request that names it (If-None-Match) gets 304 without a body."""
    delay: float = 0.0
    """Seconds before the answer begins."""
    drip: float | None = None
    """Seconds between single bytes of the body."""
    endless: bool = False
    """The body is sent again and again, without a length."""
    raw: bytes | None = None
    """Sent instead of all else; then the connection is closed."""


Answering = Reply | Callable[[Received], Reply]


class WebServer:
    """Answers 404 for every path that was not told."""

    def __init__(self, host: str, tls: ssl.SSLContext | None) -> None:
        self._answers: dict[str, list[Answering]] = {}
        self._received: list[Received] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server._serve(self)

            do_POST = do_GET  # noqa: N815 - a name of http.server

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
            daemon_threads = True
            request_queue_size = 512

            def handle_error(self, *arguments: object) -> None:
                """Clients that go away in the middle are what is tested."""

        self._http = Server((host, 0), Handler)
        if tls is not None:
            self._http.socket = tls.wrap_socket(
                self._http.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port: int = self._http.server_address[1]
        self.host = f"[{host}]" if ":" in host else host
        self.address = f"{self.host}:{self.port}"
        """As the setting `allowedHosts` takes it."""
        self.url = f"{'http' if tls is None else 'https'}://{self.address}"
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(0.05,), name="web-server", daemon=True
        )
        self._thread.start()

    @property
    def requests(self) -> list[Received]:
        """All that came, in order."""
        with self._lock:
            return list(self._received)

    def answer(self, path: str, *replies: str | bytes | Answering) -> str:
        """Say what a path answers, whatever its query: texts, replies, or functions that make them.

        Of several, each is given once and the last for ever. Gives the URL.
        """
        answers = [Reply(one) if isinstance(one, str | bytes) else one for one in replies]
        with self._lock:
            self._answers[path] = answers
        return self.url + path

    def close(self) -> None:
        """Refuse further connections and end the answers under way."""
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        length = int(handler.headers.get("content-length") or 0)
        received = Received(
            handler.command,
            handler.path,
            {name.lower(): value for name, value in handler.headers.items()},
            handler.rfile.read(length),
        )
        with self._lock:
            self._received.append(received)
            answers = self._answers.get(handler.path.partition("?")[0], [Reply(status=404)])
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        reply = answer if isinstance(answer, Reply) else answer(received)
        with suppress(OSError):
            self._send(handler, received, reply)

    def _send(self, handler: BaseHTTPRequestHandler, received: Received, reply: Reply) -> None:
        if self._closing.wait(reply.delay):
            return
        if reply.raw is not None:
            handler.wfile.write(reply.raw)
            return
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        is_known = reply.etag is not None and received.headers.get("if-none-match") == reply.etag
        handler.send_response(304 if is_known else reply.status)
        headers = {name.lower(): value for name, value in reply.headers.items()}
        if reply.etag is not None:
            headers.setdefault("etag", reply.etag)
        if not reply.endless and not is_known:
            headers.setdefault("content-length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("connection", "close")
        handler.end_headers()
        if not is_known:
            self._send_body(handler, body, reply)

    def _send_body(self, handler: BaseHTTPRequestHandler, body: bytes, reply: Reply) -> None:
        pieces = [body] if reply.drip is None else [body[i : i + 1] for i in range(len(body))]
        pause = reply.drip or 0.0
        waited = 0.0
        while waited < _DRIP_MAX:
            for piece in pieces:
                handler.wfile.write(piece)
                waited += pause
                if self._closing.wait(pause):
                    return
            if not reply.endless:
                return


@contextmanager
def web_server(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[WebServer]:
    """Run a server on a free port of a loopback address."""
    server = WebServer(host, tls)
    try:
        yield server
    finally:
        server.close()
