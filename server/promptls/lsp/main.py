"""Starts the language server."""

from __future__ import annotations

import logging
from pathlib import Path

from promptls.lsp.protocol import collector


def run(
    tcp: tuple[str, int] | None = None,
    *,
    allow_remote: bool = False,
    log_file: Path | None = None,
    log_level: str = "warning",
) -> int:
    """Serve on standard input and output, or on a socket, until the client leaves.

    Gives the exit code: 0 after `shutdown`, else 1; 2 when the address cannot be had.
    """
    collector.pause()
    from promptls.lsp.protocol import logs, serving

    logs.configure(log_file, getattr(logging, log_level.upper()))
    from promptls.lsp.server import create_server

    server = create_server()
    if tcp is None:
        return serving.serve_stdio(server)
    return serving.serve_tcp(server, *tcp, allow_remote=allow_remote)
