"""Waits for the one client that a server on a socket serves."""

from __future__ import annotations

import ipaddress
import logging
import socket
import sys

logger = logging.getLogger(__name__)


class RemoteAddressError(Exception):
    """The address to listen on can be reached from other machines."""


def accept_client(host: str, port: int, allow_remote: bool) -> socket.socket:
    """Listen on `host` and `port` (0: any free one) and give the first client's connection.

    Whoever does not begin as LSP does is turned away, so that a web page cannot speak to the
    server by posting a form to its port. Raises RemoteAddressError unless the address is a
    loopback one or `allow_remote`, and OSError where it cannot be bound.
    """
    family, address = _resolve(host, port)
    if not allow_remote and not ipaddress.ip_address(address[0].partition("%")[0]).is_loopback:
        raise RemoteAddressError("not a loopback address; remote clients must be allowed first")
    with socket.create_server(address, family=family, backlog=1) as listener:
        bound = listener.getsockname()
        sys.stderr.write(f"promptls: listening on {bound[0]}:{bound[1]}\n")
        sys.stderr.flush()
        while True:
            connection, _peer = listener.accept()
            if _speaks_lsp(connection):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return connection
            connection.close()
            logger.warning("turned a client away that does not speak LSP")


def _resolve(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    family, _kind, _protocol, _name, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    )[0]
    return family, (str(address[0]), int(address[1]))


def _speaks_lsp(connection: socket.socket) -> bool:
    """Whether the first byte may begin a `Content-…` header; methods of HTTP mostly do not."""
    try:
        return connection.recv(1, socket.MSG_PEEK) in (b"C", b"c")
    except OSError:
        return False
