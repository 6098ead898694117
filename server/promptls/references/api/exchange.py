"""One request and its redirects: checked at each step, bounded in time, size and number.

httpcore2 is used without a client around it: no cookies, no proxies, no `.netrc`, no authorisation
of its own, and no log of URLs. There is one connection for each step, so that the rules of today
are applied to all that is sent. This module imports httpx2: import it only where a request is made.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import httpcore2
import httpx2

from promptls import __version__
from promptls.references.api.addresses import DEFAULT_PORTS
from promptls.references.api.connecting import (
    AddressRefusedError,
    CheckedBackend,
    NameLookupError,
)
from promptls.references.api.decoding import is_binary_type
from promptls.references.api.freshness import retry_after
from promptls.references.api.model import Answer, Query, Reply, Trouble
from promptls.references.api.network import Network
from promptls.references.api.target import PLAIN_HEADERS, judge
from promptls.references.policy import Refusal

# Its records hold the headers of responses: cookies, and redirects with their queries.
logging.getLogger("httpcore2").setLevel(logging.WARNING)

MAX_REDIRECTS = 5
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_KEEPING_METHOD = frozenset((307, 308))
_BUSY = frozenset((408, 425, 429))
"""Statuses below 500 after which the same request may succeed."""
_CODINGS = "gzip, deflate"
_KNOWN_CODINGS = frozenset(("", "identity", "gzip", "deflate"))


def exchange(
    query: Query,
    hosts: Sequence[str],
    network: Network,
    known: Answer | None,
    deadline: float,
    clock: Callable[[], float],
) -> Reply | Trouble | Refusal:
    """Ask a source once and follow its redirects; raises nothing.

    `known` is what is to be confirmed, `deadline` a time of `time.monotonic`.
    """
    url = httpx2.URL(query.url)
    method, body = query.method, query.body
    headers = _headers(query, known)
    for _ in range(MAX_REDIRECTS + 1):
        rules = judge(url, hosts)
        if isinstance(rules, Refusal):
            return rules
        request = httpx2.Request(method, url, headers=headers, content=body)
        reply = _send(request, CheckedBackend(rules, network, deadline), network, query, clock)
        if not isinstance(reply, Reply) or reply.status not in _REDIRECTS:
            return reply
        following = _following(url, reply)
        if following is None:
            return Trouble("redirects to what is no address", False, reply.status)
        crosses = _origin(following) != _origin(url)
        if method != "GET":
            if reply.status not in _KEEPING_METHOD:
                method, body = "GET", None
                headers.pop("content-type", None)
            elif crosses:
                return Trouble("redirects what was sent to another host", False, reply.status)
        if crosses:
            # For good: what comes back to the first origin may have been chosen by the other.
            headers = {name: value for name, value in headers.items() if name in _CROSSING}
        url = following
    return Trouble(f"redirects more than {MAX_REDIRECTS} times", False)


_CROSSING = PLAIN_HEADERS | {"accept-encoding", "connection"}


def _headers(query: Query, known: Answer | None) -> dict[str, str]:
    headers = {"accept": "*/*", "user-agent": f"promptls/{__version__}", **query.headers}
    headers |= {"accept-encoding": _CODINGS, "connection": "close"}
    if known is not None and query.method == "GET":
        if known.etag is not None:
            headers["if-none-match"] = known.etag
        if known.last_modified is not None:
            headers["if-modified-since"] = known.last_modified
    return headers


def _following(url: httpx2.URL, reply: Reply) -> httpx2.URL | None:
    location = reply.headers.get("location")
    if not location:
        return None
    try:
        return url.join(location).copy_with(fragment=None)
    except (httpx2.InvalidURL, UnicodeError):
        return None


def _origin(url: httpx2.URL) -> tuple[str, bytes, int | None]:
    return url.scheme, url.raw_host, url.port or DEFAULT_PORTS.get(url.scheme)


def _send(
    request: httpx2.Request,
    backend: CheckedBackend,
    network: Network,
    query: Query,
    clock: Callable[[], float],
) -> Reply | Trouble | Refusal:
    """Send one request over a connection of its own, and read what is wanted of the response."""
    url = request.url
    port = url.port or DEFAULT_PORTS[url.scheme]
    is_secure = url.scheme == "https"
    connection = httpcore2.HTTPConnection(
        httpcore2.Origin(url.raw_scheme, url.raw_host, port),
        ssl_context=network.certificates() if is_secure else None,
        network_backend=backend,
    )
    try:
        with connection:
            response = connection.handle_request(
                httpcore2.Request(
                    request.method,
                    httpcore2.URL(
                        scheme=url.raw_scheme, host=url.raw_host, port=port, target=url.raw_path
                    ),
                    headers=request.headers.raw,
                    content=request.content,
                )
            )
            return _receive(response, query.max_bytes, clock)
    except AddressRefusedError as refused:
        return refused.refusal
    except NameLookupError:
        return Trouble("cannot be found: nobody knows its name", True)
    except httpcore2.TimeoutException:
        return Trouble(f"did not answer completely within {query.timeout:g} s", True)
    except (httpcore2.NetworkError, OSError) as error:
        if isinstance(error.__cause__, ssl.SSLCertVerificationError):
            return Trouble("has no valid certificate", True)
        return Trouble("cannot be reached, or ended the connection", True)
    except (httpcore2.ProtocolError, httpx2.DecodingError):
        return Trouble("answered against the rules of HTTP", True)


def _receive(
    response: httpcore2.Response, max_bytes: int, clock: Callable[[], float]
) -> Reply | Trouble:
    stream = response.stream
    if not isinstance(stream, Iterable):
        raise TypeError("a response to be read without waiting was expected")
    reply = httpx2.Response(response.status, headers=response.headers, stream=_Pieces(stream))
    headers = {name.lower(): value for name, value in reply.headers.items()}
    status = response.status
    if status in _REDIRECTS or status == 304:
        return Reply(status, headers, b"")
    if not 200 <= status < 300:
        passing = status in _BUSY or status >= 500
        return Trouble(f"answered {status}", passing, status, retry_after(headers, clock()))
    problem = _unwanted(headers)
    if problem is not None:
        return problem
    body = bytearray()
    for piece in reply.iter_bytes():
        body += piece
        if len(body) > max_bytes:
            return Trouble(
                f"answered more than {max_bytes:,} bytes",
                False,
                status,
                code="reference/too-large",
            )
    return Reply(status, headers, bytes(body))


def _unwanted(headers: Mapping[str, str]) -> Trouble | None:
    if is_binary_type(headers.get("content-type", "")):
        return Trouble("answered what is not text", False, code="reference/binary")
    codings = {coding.strip() for coding in headers.get("content-encoding", "").lower().split(",")}
    if not codings <= _KNOWN_CODINGS:
        return Trouble("answered in a compression that was not asked for", False)
    return None


class _Pieces(httpx2.SyncByteStream):
    """The body as it comes, for the decoder of httpx2."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces
