"""The forms of addresses: URLs, hosts, headers and database URLs."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from promptls.settings.forms import MAX_TEXT, Wrong
from promptls.settings.names import Pattern

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\[\]:/?#@\s]+))(?::([0-9]{1,5}))?")
_URL = r"https?://[^\x00-\x20\x7f]+"
_MAX_NAME = 253
"""Characters of a host name (RFC 1035)."""

HEADER_NAME = Pattern(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", "the name of a header")
"""A token of RFC 9110."""
HEADER_VALUE = Pattern(r"[^\x00-\x08\x0a-\x1f\x7f]*", "a header's text, in one line")
URL_PATTERN = Pattern(_URL, "a URL that starts with `http://` or `https://`, with `*`")
DATABASE_URL = Pattern(
    r"(?:sqlite|postgresql)(?:\+[a-z0-9_]+)?://[^\x00-\x1f\x7f]*",
    "a URL that starts with `sqlite://` or `postgresql://`",
)


class Url:
    """A URL of the web; secrets belong into headers."""

    accepts = "a URL that starts with `http://` or `https://`, without a user and password"

    def read(self, value: object) -> str | Wrong:
        """Read the URL; what is to be filled in makes it a URL only later."""
        if not isinstance(value, str) or not re.fullmatch(_URL, value):
            return Wrong("must be a URL that starts with http:// or https://")
        if len(value) > MAX_TEXT:
            return Wrong(f"must be at most {MAX_TEXT} characters long")
        try:
            authority = urlsplit(value).netloc
        except ValueError:
            return Wrong("must be a URL with a host")
        if "@" in authority:
            return Wrong("must not hold a user or password; put them into `headers`")
        return value if authority else Wrong("must be a URL with a host")

    def schema(self) -> dict[str, Any]:
        """Describe text."""
        return {"type": "string", "pattern": f"^{_URL}$", "maxLength": MAX_TEXT}


class Host:
    """A host that may be asked, perhaps with a port, or all hosts below a domain."""

    accepts = (
        "a host such as `example.com`, `*.example.com` (every host below it), "
        "`localhost:8080` or `[::1]:8080`"
    )

    def read(self, value: object) -> str | Wrong:
        """Read the host in its usual spelling: lower-case, addresses as short as can be."""
        match = _HOST.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            return Wrong(
                "must be a host such as example.com, *.example.com or localhost:8080, without "
                "scheme and path"
            )
        address, name, port = match.groups()
        host = _address(address) if address else _name(name.lower().removesuffix("."))
        if isinstance(host, Wrong):
            return host
        if port is None:
            return host
        return f"{host}:{int(port)}" if 0 < int(port) < 1 << 16 else Wrong("must have a real port")

    def schema(self) -> dict[str, Any]:
        """Describe text."""
        return {"type": "string", "minLength": 1, "maxLength": _MAX_NAME + 6}


def _address(written: str) -> str | Wrong:
    from ipaddress import IPv6Address

    try:
        return f"[{IPv6Address(written)}]"
    except ValueError:
        return Wrong("must have an IPv6 address in its brackets")


def _name(name: str) -> str | Wrong:
    labels = name.removeprefix("*.").split(".")
    if labels[-1].isdecimal():
        from ipaddress import IPv4Address

        try:
            return str(IPv4Address(name))
        except ValueError:
            return Wrong("must be a host's name or an address of four numbers")
    if len(name) > _MAX_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        return Wrong(
            "must be a host's name of letters, digits and `-` (`*.` in front only; names in other "
            "scripts as xn--…)"
        )
    return name
