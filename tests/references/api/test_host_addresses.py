from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptls.references.api.addresses import category, find_rules, refuse_address
from promptls.references.policy import Refusal


@pytest.mark.parametrize(
    ("entries", "url", "expected"),
    [
        (["example.com"], ("https", "example.com", 443), True),
        (["example.com"], ("https", "EXAMPLE.com.", 443), True),
        (["example.com"], ("http", "example.com", 80), False),
        (["example.com"], ("https", "example.com", 8443), False),
        (["example.com"], ("https", "www.example.com", 443), False),
        (["example.com"], ("https", "notexample.com", 443), False),
        (["*.example.com"], ("https", "www.example.com", 443), True),
        (["*.example.com"], ("https", "a.b.example.com", 443), True),
        (["*.example.com"], ("https", "example.com", 443), False),
        (["*.example.com"], ("https", "evilexample.com", 443), False),
        (["*.example.com:8443"], ("https", "a.example.com", 8443), True),
        (["example.com:8443"], ("https", "example.com", 8443), True),
        (["example.com:8443"], ("https", "example.com", 443), False),
        (["example.com:80"], ("http", "example.com", 80), True),
        (["127.0.0.1:8080"], ("http", "127.0.0.1", 8080), True),
        (["127.0.0.1:8080"], ("http", "127.0.0.2", 8080), False),
        (["127.0.0.1:8080"], ("http", "localhost", 8080), False),
        (["[::1]:8080"], ("http", "::1", 8080), True),
        (["[::1]:8080"], ("http", "0:0::1", 8080), True),
        (["[::1]"], ("https", "::1", 443), True),
        (["localhost:8000"], ("http", "localhost", 8000), True),
        (["*"], ("https", "example.com", 443), False),
        (["", ":", "[]", "a:b:c", "::1"], ("https", "example.com", 443), False),
        ([], ("https", "example.com", 443), False),
    ],
)
def test_hosts_that_may_be_asked(
    entries: list[str], url: tuple[str, str, int], expected: bool
) -> None:
    assert isinstance(find_rules(entries, *url), tuple) == expected


@pytest.mark.parametrize(
    ("entries", "url", "way_out"),
    [
        ([], ("https", "example.com", 443), "Add `example.com` to"),
        ([], ("http", "example.com", 80), "Add `example.com:80` to"),
        ([], ("https", "::1", 8443), "Add `[::1]:8443` to"),
        (["example.com"], ("http", "example.com", 80), "Use `https://`, or list `example.com:80`"),
    ],
)
def test_refusals_name_the_entry_that_would_allow(
    entries: list[str], url: tuple[str, str, int], way_out: str
) -> None:
    refusal = find_rules(entries, *url)
    assert isinstance(refusal, Refusal)
    assert refusal.way_out.startswith(way_out)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", None),
        ("2606:4700::1111", None),
        ("127.0.0.1", "loopback"),
        ("127.255.1.2", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::127.0.0.1", "loopback"),
        ("64:ff9b::7f00:1", "loopback"),
        ("2002:7f00:1::", "loopback"),
        ("10.1.2.3", "private"),
        ("172.16.0.1", "private"),
        ("192.168.1.1", "private"),
        ("100.64.0.1", "private"),
        ("::ffff:10.0.0.1", "private"),
        ("64:ff9b::a00:1", "private"),
        ("fd00:ec2::254", "private"),
        ("169.254.169.254", "link-local"),
        ("::ffff:169.254.169.254", "link-local"),
        ("fe80::1", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("0.0.0.0", "unspecified"),  # noqa: S104 - nothing listens there
        ("::", "unspecified"),
        ("224.0.0.1", "multicast"),
        ("ff0e::1", "multicast"),
        ("255.255.255.255", "reserved"),
        ("240.0.0.1", "reserved"),
        ("198.18.0.1", "reserved"),
        ("192.0.0.8", "reserved"),
        ("203.0.113.5", "reserved"),
        ("fec0::1", "reserved"),
        ("64:ff9b:1::1", "reserved"),
        ("2001::1", "reserved"),
        ("2001:db8::1", "reserved"),
        ("64:ff9b::808:808", None),
    ],
)
def test_categories(address: str, expected: str | None) -> None:
    assert category(ip_address(address)) == expected


@settings(max_examples=100)
@given(st.ip_addresses(v=4))
def test_an_address_inside_of_another_is_judged_as_itself(address: IPv4Address) -> None:
    expected = category(address)
    number = int(address)
    assert category(IPv6Address(0xFFFF_0000_0000 | number)) == expected
    assert category(IPv6Address(int(IPv6Address("64:ff9b::")) | number)) == expected
    assert category(IPv6Address(0x2002 << 112 | number << 80)) == expected


@settings(max_examples=100)
@given(st.ip_addresses())
def test_what_is_not_global_is_never_public(address: IPv4Address | IPv6Address) -> None:
    inner = getattr(address, "ipv4_mapped", None) or address
    if not inner.is_global or inner.is_multicast:
        assert category(address) is not None


@pytest.mark.parametrize(
    ("entry", "host", "address", "expected"),
    [
        ("example.com", "example.com", "8.8.8.8", True),
        ("example.com", "example.com", "127.0.0.1", False),
        ("example.com", "example.com", "10.0.0.1", False),
        ("example.com:443", "example.com", "10.0.0.1", True),
        ("example.com:443", "example.com", "::ffff:10.0.0.1", True),
        ("example.com:443", "example.com", "127.0.0.1", False),
        ("example.com:443", "example.com", "169.254.169.254", False),
        ("example.com:443", "example.com", "::", False),
        ("*.example.com:443", "a.example.com", "10.0.0.1", False),
        ("localhost:443", "localhost", "127.0.0.1", True),
        ("localhost:443", "localhost", "::1", True),
        ("localhost:443", "localhost", "10.0.0.1", False),
        ("localhost:443", "localhost", "8.8.8.8", True),
        ("169.254.1.1:443", "169.254.1.1", "169.254.1.1", True),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.1", "10.0.0.1", False),
    ],
)
def test_addresses_that_a_listed_host_may_lead_to(
    entry: str, host: str, address: str, expected: bool
) -> None:
    rules = find_rules([entry], "https", host, 443)
    assert isinstance(rules, tuple)
    assert (refuse_address(rules, host, 443, ip_address(address)) is None) == expected


@pytest.mark.parametrize(
    ("address", "way_out"),
    [
        ("10.0.0.1", "list `example.com:443` in"),
        ("127.0.0.1", "ask `127.0.0.1:443` and list it"),
        ("fe80::1", "ask `[fe80::1]:443` and list it"),
    ],
)
def test_refused_addresses_say_what_to_list(address: str, way_out: str) -> None:
    rules = find_rules(["example.com"], "https", "example.com", 443)
    assert isinstance(rules, tuple)
    refusal = refuse_address(rules, "example.com", 443, ip_address(address))
    assert refusal is not None
    assert way_out in refusal.way_out
