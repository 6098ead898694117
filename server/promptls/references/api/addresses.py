"""Which hosts may be asked, and which addresses they may lead to.

A host is asked only if the machine setting `allowedHosts` lists it:

- `example.com`: that host by HTTPS on port 443. `*.example.com`: every host below it, not itself.
- `example.com:8443`: that port, by HTTPS or plain HTTP.
- `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`: what the address or name says.

Where the host leads to is judged as well, for each connection. Public addresses are fine. Others
(loopback, private, link-local, multicast, …) are refused, but for these, which are listed:

- the very address that an entry names, whatever it is;
- loopback addresses for `localhost`;
- private addresses (10/8, 172.16/12, 192.168/16, 100.64/10, fc00::/7) for a host that is listed
  by its name *with its port*: `wiki.corp.example:443`. Loopback and link-local addresses, where
  the services of this machine and of its cloud listen, stay refused for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from promptls.references.policy import Refusal

Address = IPv4Address | IPv6Address

DEFAULT_PORTS = {"https": 443, "http": 80}

_PRIVATE = tuple(
    ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)
"""RFC 1918, RFC 6598 (carrier-grade NAT) and RFC 4193."""
_REFUSED = tuple(
    ip_network(text)
    for text in ("64:ff9b:1::/48", "fec0::/10", "5f00::/16", "192.0.0.0/24", "192.88.99.0/24")
)
"""Local translation (RFC 8215), site-local, segment routing, protocol assignments, 6to4 relays:
global to `ipaddress` of some Python versions."""
_EMBEDDING = (
    (IPv6Network("::/96"), 0),
    (IPv6Network("64:ff9b::/96"), 0),
    (IPv6Network("2002::/16"), 80),
)
"""Prefixes of IPv6 addresses that lead to an IPv4 address (RFC 4291, 6052, 3056), with the bits
that stand behind it; IPv4-mapped ones `ipaddress` knows."""


@dataclass(frozen=True, slots=True)
class HostRule:
    """One entry of `allowedHosts`."""

    host: str
    """In lower case; of a wildcard what follows the star, with the dot."""
    address: Address | None
    """Where the entry is an address."""
    port: int | None

    @property
    def is_wildcard(self) -> bool:
        """Whether it stands for all hosts below a domain."""
        return self.host.startswith(".")

    def matches(self, scheme: str, host: str, port: int) -> bool:
        """Whether a host (in lower case, without brackets) may be asked."""
        if self.port is None:
            if scheme != "https" or port != DEFAULT_PORTS["https"]:
                return False
        elif port != self.port:
            return False
        if self.address is not None:
            return _parse_address(host) == self.address
        return host.endswith(self.host) if self.is_wildcard else host == self.host

    def permits(self, address: Address) -> bool:
        """Whether a host that it matches may lead to an address."""
        if self.address is not None:
            return address == self.address
        if category(address) is None:
            return True
        if self.host == "localhost":
            return (_embedded(address) or address).is_loopback
        return self.port is not None and not self.is_wildcard and _is_private(address)


def parse_rule(entry: str) -> HostRule | None:
    """Read an entry in the spelling that the settings give it; None when it is no host."""
    host, port = entry.lower(), None
    if not host.endswith("]") and ":" in host:
        host, _, digits = host.rpartition(":")
        if not digits.isdecimal():
            return None
        port = int(digits)
    host = host.removeprefix("[").removesuffix("]")
    address = _parse_address(host)
    if not host or (address is None and ":" in host):
        return None
    return HostRule(host.removeprefix("*"), address, port)


def find_rules(
    entries: Iterable[str], scheme: str, host: str, port: int
) -> tuple[HostRule, ...] | Refusal:
    """The rules that allow to ask a host; or why it may not be asked."""
    host = host.lower().removesuffix(".")
    rules = tuple(rule for entry in entries if (rule := parse_rule(entry)) is not None)
    matching = tuple(rule for rule in rules if rule.matches(scheme, host, port))
    if matching:
        return matching
    shown = f"[{host}]" if ":" in host else host
    if scheme == "https" and port == DEFAULT_PORTS["https"]:
        entry = shown
    else:
        entry = f"{shown}:{port}"
        if scheme == "http" and any(rule.matches("https", host, 443) for rule in rules):
            return Refusal(
                f"`{shown}` is allowed by HTTPS only",
                f"Use `https://`, or list `{entry}` in the machine setting `allowedHosts`.",
            )
    return Refusal(
        f"`{shown}` is not an allowed host",
        f"Add `{entry}` to the machine setting `allowedHosts` if you want it asked.",
    )


def refuse_address(
    rules: Iterable[HostRule], host: str, port: int, address: Address
) -> Refusal | None:
    """Why a host may not lead to an address, or None. `rules` are those that match the host."""
    if any(rule.permits(address) for rule in rules):
        return None
    kind = category(address) or "public"
    reason = f"`{host}` leads to {address}, which is a {kind} address"
    if _is_private(address):
        return Refusal(reason, f"If that is meant, list `{host}:{port}` in `allowedHosts`.")
    literal = f"[{address}]" if address.version == 6 else str(address)
    return Refusal(
        reason, f"If that is meant, ask `{literal}:{port}` and list it in `allowedHosts`."
    )


def category(address: Address) -> str | None:
    """What kind of address it is that the public network does not reach; None for a public one."""
    inner = _embedded(address)
    if inner is not None:
        return category(inner)
    if address.is_unspecified:
        return "unspecified"
    if address.is_loopback:
        return "loopback"
    if address.is_link_local:
        return "link-local"
    if address.is_multicast:
        return "multicast"
    if _is_private(address):
        return "private"
    if not address.is_global or any(address in network for network in _REFUSED):
        return "reserved"
    return None


def _is_private(address: Address) -> bool:
    inner = _embedded(address) or address
    return any(inner in network for network in _PRIVATE)


def _embedded(address: Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if int(address) <= 1:  # unspecified and loopback have a meaning of their own
        return None
    for network, behind in _EMBEDDING:
        if address in network:
            return IPv4Address(int(address) >> behind & 0xFFFF_FFFF)
    return None


def _parse_address(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
