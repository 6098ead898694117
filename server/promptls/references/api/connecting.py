"""Connections only to addresses that were checked, and only as long as there is time.

A name is looked up once for each connection, and the connection goes to one of the very addresses
that were judged, so that a name which changes its mind between two look-ups gains nothing. TLS and
the Host header go on using the name.

This module imports httpcore2: import it only where a request is really made.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from ipaddress import ip_address
from typing import Any

import httpcore2

from promptls.references.api.addresses import HostRule, refuse_address
from promptls.references.api.network import Lookup, Network
from promptls.references.policy import Refusal


class AddressRefusedError(Exception):
    """A host leads to an address that is not to be asked."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


class NameLookupError(Exception):
    """A host's name leads nowhere."""


class CheckedBackend(httpcore2.NetworkBackend):
    """Connects for one request to one host that the rules match, until a deadline.

    `deadline` is a time of `time.monotonic`.
    """

    def __init__(self, rules: Sequence[HostRule], network: Network, deadline: float) -> None:
        self._rules = rules
        self._network = network
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Look the host up, judge all its addresses, connect to the first that answers."""
        addresses = _look_up(self._network.lookup, host, port, self._deadline)
        for address in addresses:
            refusal = refuse_address(self._rules, host, port, ip_address(address))
            if refusal is not None:
                raise AddressRefusedError(refusal)
        failure: Exception | None = None
        for waiting, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            seconds = _remaining(self._deadline) / waiting
            try:
                stream = self._network.connect(address, port, seconds)
            except (httpcore2.NetworkError, httpcore2.TimeoutException) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure or httpcore2.ConnectError("no address")


class _TimedStream(httpcore2.NetworkStream):
    """A stream of which each step has what is left of the whole time, however it drips."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _remaining(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _remaining(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        seconds = _remaining(self._deadline)
        stream = self._stream.start_tls(ssl_context, server_hostname, seconds)
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as in httpcore2
        return self._stream.get_extra_info(info)


def _remaining(deadline: float) -> float:
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise httpcore2.ReadTimeout("no time is left")
    return seconds


def _look_up(lookup: Lookup, host: str, port: int, deadline: float) -> Sequence[str]:
    """Look a name up, but wait for it no longer than there is time: the system has no limit."""
    try:
        ip_address(host)
    except ValueError:
        pass
    else:
        return (host,)
    found: Future[Sequence[str]] = Future()

    def work() -> None:
        try:
            found.set_result(lookup(host, port))
        except Exception as error:  # whatever it is, somebody waits for this future
            found.set_exception(NameLookupError(type(error).__name__))

    threading.Thread(target=work, name="promptls-lookup", daemon=True).start()
    try:
        addresses = found.result(_remaining(deadline))
    except TimeoutError:
        raise httpcore2.ConnectTimeout("looking up the name took too long") from None
    if not addresses:
        raise NameLookupError("no address")
    return addresses
