"""A source on this machine that is slow to answer and counts who asks."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_ANSWER = b"All systems are up.\n"
_DELAY = 0.2
"""Seconds that each answer takes: time enough for others to want the same."""


class LocalSource:
    """A web server on the loopback address."""

    def __init__(self) -> None:
        """Listen on a free port; nothing is answered before `serving`."""
        self.requests = 0
        lock = threading.Lock()
        source = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with lock:
                    source.requests += 1
                time.sleep(_DELAY)
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.send_header("Content-Length", str(len(_ANSWER)))
                self.send_header("Cache-Control", "max-age=3600")
                self.end_headers()
                self.wfile.write(_ANSWER)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"http://{self.host}/status"

    @contextmanager
    def serving(self) -> Iterator[LocalSource]:
        """Answer, on threads, until the context ends."""
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()
