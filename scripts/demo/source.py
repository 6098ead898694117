"""The API that an example names, on this machine: it answers when it is told to."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

_NOTICES = (
    "FW-1182, Sørvik to Hamnes, 21:45: cancelled, wind 26 m/s at the pier. Next boat 07:15.",
    "FW-0417, Vik to Langholm, 06:50: 25 minutes late, the ramp in Vik is being repaired.",
    "FW-0733, Hamnes to Sørvik, 07:15: sails with half its lane metres, no lorries.",
)
_WAIT_MAX = 8.0
"""Seconds after which an answer is given unasked, before the one who waits gives up."""


class Source:
    """A server of disruption notices. It listens from its beginning to its end as a context."""

    def __init__(self) -> None:
        self.requests = 0
        self._lock = threading.Lock()
        self._ready = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Source:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ready.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self) -> None:
        """Answer whoever waits, and all who come later at once."""
        self._ready.set()

    def body(self) -> bytes:
        """Count a request and give the answer when it is time."""
        with self._lock:
            self.requests += 1
        self._ready.wait(_WAIT_MAX)
        disruptions = [{"notice": notice} for notice in _NOTICES]
        return json.dumps({"disruptions": disruptions}, ensure_ascii=False).encode()


def _handler(source: Source) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = source.body()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the demo prints what the editor shows."""

    return Handler
