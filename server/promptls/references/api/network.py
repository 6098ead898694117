"""The way to the network: names looked up, sockets opened, certificates checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl

    from httpcore2 import NetworkStream

Lookup = Callable[[str, int], Sequence[str]]
"""The addresses of a host; OSError when there are none. May take long."""
Connect = Callable[[str, int, float], "NetworkStream"]
"""Opens a connection to an address (never a name) and port, within so many seconds."""


def system_lookup(host: str, port: int) -> tuple[str, ...]:
    """Ask the system, as every program does."""
    import socket

    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def system_connect(address: str, port: int, seconds: float) -> NetworkStream:
    """Connect to the address itself. Raises exceptions of httpcore2."""
    from httpcore2 import SyncBackend

    return SyncBackend().connect_tcp(address, port, timeout=seconds)


@lru_cache(maxsize=1)
def system_certificates() -> ssl.SSLContext:
    """Trust what the system trusts; environment variables do not change that."""
    import httpx2

    return httpx2.create_ssl_context(trust_env=False)


@dataclass(frozen=True, slots=True)
class Network:
    """What a test puts something else in place of."""

    lookup: Lookup = system_lookup
    connect: Connect = system_connect
    certificates: Callable[[], ssl.SSLContext] = system_certificates
