"""From a reference to the request that answers it."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from promptls.cache import FetchKey
from promptls.references.api.addresses import DEFAULT_PORTS, HostRule, find_rules
from promptls.references.api.extraction import path_problem
from promptls.references.api.model import DEFAULT_MAX_BYTES, DEFAULT_TIMEOUT, Query
from promptls.references.api.substitution import (
    Filled,
    Substitution,
    json_escaped,
    percent_encoded,
    verbatim,
)
from promptls.references.model import (
    Blocked,
    Failed,
    NotFound,
    Notice,
    ReferenceHandler,
    Request,
    Site,
)
from promptls.references.policy import AccessPolicy, Refusal
from promptls.settings.fetching import EndpointSettings, TtlRule

if TYPE_CHECKING:
    import httpx2

PLAIN_HEADERS = frozenset(("accept", "accept-language", "content-type", "user-agent"))
"""Headers that hold no secret: they stay on a redirect to another origin."""
_OWN_HEADERS = frozenset(
    (
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "if-modified-since",
        "if-none-match",
        "keep-alive",
        "range",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)
"""Headers that are not for an endpoint to set: they say where the request goes and how."""
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*")

Refused = NotFound | Blocked | Failed


class _Parts(NamedTuple):
    """What an endpoint sends, filled in."""

    url: str
    shown_url: str
    headers: dict[str, str]
    body: bytes | None
    authorised: bool


def query_of(
    request: Request, variables: ReferenceHandler, policy: AccessPolicy
) -> Query | Refused:
    """The request that a reference stands for; or why none is made. No name is looked up."""
    target = request.target
    if "://" in target:
        name, endpoint = address_name(target), EndpointSettings(target)
    elif target in request.site.endpoints:
        name, endpoint = target, request.site.endpoints[target]
    else:
        return _unknown(target, request.site.endpoints)
    if not policy.trusted:
        return blocked(
            name,
            Refusal("this workspace is not trusted", "Trust it (on the command line: `--trust`)."),
        )
    if "://" in target:
        parts: _Parts | Refused = _Parts(target, target, {}, None, False)
    else:
        parts = _fill(endpoint, Substitution(request, variables, policy), name)
    if not isinstance(parts, _Parts):
        return parts
    if endpoint.extract is not None and (problem := path_problem(endpoint.extract)) is not None:
        return failed(name, f"cannot be read: `{endpoint.extract}` is not a JSONPath ({problem})")
    return _query(name, endpoint, parts, request.site, policy)


def blocked(name: str, refusal: Refusal) -> Blocked:
    """The outcome of a refusal."""
    message = f"`{name}` is not asked: {refusal.reason}. {refusal.way_out}"
    return Blocked(Notice("reference/blocked", message))


def failed(name: str, reason: str) -> Failed:
    """The outcome of a source that is described wrongly."""
    return Failed(Notice("reference/api-failed", f"`{name}` {reason}. Correct that."))


def address_name(url: str) -> str:
    """A URL as messages show it: without its query, its fragment and whoever it names as user."""
    start, slashes, rest = url.partition("://")
    authority, slash, path = re.split(r"[?#]", rest, maxsplit=1)[0].partition("/")
    return f"{start}{slashes}{authority.rpartition('@')[2]}{slash}{path}"


def judge(url: httpx2.URL, hosts: Iterable[str]) -> tuple[HostRule, ...] | Refusal:
    """The rules that allow to ask a URL, or why it may not be asked. Looks no name up."""
    if url.scheme not in DEFAULT_PORTS:
        return Refusal("only HTTPS (and HTTP) is spoken", "Give an address that starts `https://`.")
    if url.userinfo:
        return Refusal(
            "its address holds a user or password",
            "Put them into a header of an endpoint, from the environment: `${env:NAME}`.",
        )
    host = url.raw_host.decode("ascii")
    return find_rules(hosts, url.scheme, host, url.port or DEFAULT_PORTS[url.scheme])


def _query(
    name: str, endpoint: EndpointSettings, parts: _Parts, site: Site, policy: AccessPolicy
) -> Query | Refused:
    import httpx2

    try:
        url = httpx2.URL(parts.url).copy_with(fragment=None)
    except (httpx2.InvalidURL, UnicodeError):
        return failed(name, "has an address that is no URL")
    if url.scheme in DEFAULT_PORTS and not url.host:
        return failed(name, "has an address without a host")
    rules = judge(url, policy.hosts)
    if isinstance(rules, Refusal):
        return blocked(name, rules)
    plain = {key: value for key, value in parts.headers.items() if key in PLAIN_HEADERS}
    others = {key: value for key, value in parts.headers.items() if key not in PLAIN_HEADERS}
    shown_url = parts.shown_url.partition("#")[0] if parts.authorised else str(url)
    key = FetchKey(
        endpoint.method,
        shown_url,
        _digest((parts.body or b"", *_lines(plain))) if parts.body or plain else "",
        _digest((parts.url.encode(), parts.body or b"", *_lines(others)))
        if parts.authorised or others
        else "",
    )
    told_apart = _digest(part.encode("utf-8", "replace") for part in (*key, endpoint.extract or ""))
    ttl = endpoint.ttl if endpoint.ttl is not None else _ttl_by_address(site.ttl_rules, shown_url)
    return Query(
        name=name,
        method=endpoint.method,
        url=str(url),
        headers=parts.headers,
        body=parts.body,
        timeout=endpoint.timeout or DEFAULT_TIMEOUT,
        max_bytes=endpoint.max_bytes or DEFAULT_MAX_BYTES,
        key=key,
        content_key=f"api:{endpoint.method} {address_name(shown_url)} {told_apart}",
        uri=str(url) if endpoint.method == "GET" and not parts.authorised else None,
        extract=endpoint.extract,
        ttl=ttl,
    )


def _fill(endpoint: EndpointSettings, substitution: Substitution, name: str) -> _Parts | Refused:
    url = substitution.fill(endpoint.url, percent_encoded)
    if not isinstance(url, Filled):
        return url
    authorised = url.has_secret
    headers: dict[str, str] = {}
    for key, text in endpoint.headers.items():
        value = substitution.fill(text, verbatim)
        if not isinstance(value, Filled):
            return value
        if key.lower() in _OWN_HEADERS:
            return failed(name, f"sets the header `{key}`, which is not for an endpoint to set")
        if not _HEADER_VALUE.fullmatch(value.text):
            return failed(name, f"would send more than plain ASCII text in the header `{key}`")
        headers[key.lower()] = value.text.strip()
        authorised |= value.has_secret
    if endpoint.body is None:
        return _Parts(url.text, url.shown, headers, None, authorised)
    is_json = _is_json(headers.get("content-type"), endpoint.body)
    body = substitution.fill(endpoint.body, json_escaped if is_json else verbatim)
    if not isinstance(body, Filled):
        return body
    kind = "application/json" if is_json else "text/plain; charset=utf-8"
    headers.setdefault("content-type", kind)
    sent = body.text.encode("utf-8", "replace")
    return _Parts(url.text, url.shown, headers, sent, authorised or body.has_secret)


def _is_json(content_type: str | None, body: str) -> bool:
    if content_type is not None:
        return "json" in content_type.lower()
    return body.lstrip().startswith(("{", "["))


def _ttl_by_address(rules: Iterable[TtlRule], url: str) -> float | None:
    for rule in rules:
        pattern = rule.url.replace("[", "[[]").replace("?", "[?]")  # only the star is special
        if fnmatchcase(url, pattern):
            return rule.seconds
    return None


def _unknown(target: str, endpoints: Mapping[str, EndpointSettings]) -> NotFound:
    nearest = tuple(difflib.get_close_matches(target, endpoints, n=3, cutoff=0.5))
    if nearest:
        way_out = f"Do you mean {' or '.join(f'`{name}`' for name in nearest)}?"
    else:
        way_out = f"Define it in the settings: `[endpoints.{target}]` with its `url`."
    return NotFound(
        Notice(
            "reference/unknown-endpoint", f"No endpoint is called `{target}`. {way_out}", nearest
        )
    )


def _lines(headers: Mapping[str, str]) -> list[bytes]:
    return [f"{key}: {headers[key]}".encode("utf-8", "replace") for key in sorted(headers)]


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
