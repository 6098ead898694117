"""What becomes of answers, good and bad, of a real server."""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from email.utils import formatdate
from pathlib import Path

import pytest
from tests.oracles.reference_encodings import reference_count, tiktoken_engine
from tests.oracles.web_server import Reply, WebServer, web_server
from tests.references.api.asking import NOW, asker

from promptls.prompts.references.model import Options
from promptls.references.model import Blocked, Content, Failed
from promptls.settings.fetching import EndpointSettings
from promptls.tokens.measure import Measure, total

LATIN = {"content-type": "text/plain; charset=iso-8859-1"}


def _tokens(content: Content) -> int:
    (part,) = content.parts
    assert isinstance(part, Measure)
    return total(part, tiktoken_engine("o200k_base"))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply("two words\n"), "two words"),
        (Reply("two words\r\n\n"), "two words\r\n"),
        (Reply(""), ""),
        (Reply(status=204), ""),
        (Reply(b"\xef\xbb\xbfmarked\n"), "marked"),
        (Reply("é".encode("latin-1"), headers=LATIN), "é"),
        (Reply("é".encode("utf-16")), "é"),
        (Reply(gzip.compress(b"packed " * 9), headers={"content-encoding": "gzip"}), "packed " * 9),
        (Reply(zlib.compress(b"packed"), headers={"content-encoding": "deflate"}), "packed"),
        (Reply("dripping", drip=0.01), "dripping"),
        (Reply("@file:secret.md"), "@file:secret.md"),
    ],
)
def test_texts(server: WebServer, reply: Reply, expected: str) -> None:
    url = server.answer("/it", reply)
    one = asker(server.address)
    content = one.content(url)
    assert one.text(url) == expected
    assert content.name == url
    assert content.uri == url
    assert content.size == len(expected.encode())
    assert content.hash == hashlib.blake2b(expected.encode(), digest_size=16).hexdigest()
    assert _tokens(content) == reference_count("o200k_base", expected)
    assert (content.level, content.fetched_at, content.stale) == ("source", NOW, False)
    assert not content.notices


@pytest.mark.parametrize(
    ("lines", "expected", "notices"),
    [
        ((2, 3), "b\nc", []),
        ((3, None), "c\nd", []),
        ((9, None), "", ["reference/bad-option"]),
    ],
)
def test_lines(
    server: WebServer, lines: tuple[int, int | None], expected: str, notices: list[str]
) -> None:
    url = server.answer("/it", "a\nb\nc\nd\n")
    one = asker(server.address)
    options = Options(lines=lines)
    assert one.text(url, options=options) == expected
    content = one.content(url, options=options)
    assert [notice.code for notice in content.notices] == notices
    assert content.key != one.content(url).key
    assert len(server.requests) == 1


def test_bytes_that_are_not_in_the_charset_are_told(server: WebServer) -> None:
    content = asker(server.address).content(server.answer("/it", b"a\xffb"))
    assert [notice.code for notice in content.notices] == ["reference/not-utf8"]


def test_an_answer_can_have_half_characters(server: WebServer) -> None:
    endpoint = EndpointSettings(server.answer("/it", '{"a": "x\\ud800y"}'), extract="$.a")
    assert asker(server.address).text("it", endpoint) == "x\ufffdy"


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BOMB = gzip.compress(bytes(100_000_000), compresslevel=9)


@pytest.mark.parametrize(
    ("reply", "code", "reason", "requests"),
    [
        (Reply(status=404), "api-failed", "answered 404.", 1),
        (Reply(status=401), "api-failed", "answered 401.", 1),
        (Reply(status=500), "api-failed", "answered 500 (3 tries)", 3),
        (Reply(status=304), "api-failed", "answered 304", 1),
        (Reply(delay=30), "api-failed", "within 0.7 s", 1),
        (Reply("x" * 500, drip=0.05), "api-failed", "within 0.7 s", 1),
        (Reply("x", drip=0.05, endless=True), "api-failed", "within 0.7 s", 1),
        (Reply("x" * 1000, endless=True), "too-large", "more than 50,000 bytes", 1),
        (Reply("x" * 50_001), "too-large", "more than 50,000 bytes", 1),
        (Reply(BOMB, headers={"content-encoding": "gzip"}), "too-large", "50,000 bytes", 1),
        (
            Reply(gzip.compress(BOMB), headers={"content-encoding": "gzip, gzip"}),
            "too-large",
            "more than",
            1,
        ),
        (Reply(b"xx", headers={"content-encoding": "gzip"}), "api-failed", "rules of HTTP", 3),
        (Reply(b"xx", headers={"content-encoding": "br"}), "api-failed", "not asked for", 1),
        (Reply("short", headers={"content-length": "99"}), "api-failed", "rules of HTTP", 3),
        (Reply("x", headers={"content-length": "-5"}), "api-failed", "rules of HTTP", 3),
        (Reply(raw=b"SSH-2.0-OpenSSH_9.2\r\n"), "api-failed", "rules of HTTP", 3),
        (Reply(raw=b""), "api-failed", "rules of HTTP", 3),
        (Reply(raw=CHUNKED + b"zz\r\n"), "api-failed", "rules of HTTP", 3),
        (Reply(raw=CHUNKED + b"5\r\nab"), "api-failed", "rules of HTTP", 3),
        (
            Reply(raw=b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % i for i in range(20_000))),
            "api-failed",
            "rules of HTTP",
            3,
        ),
        (Reply("x", headers={"content-type": "image/png"}), "binary", "not text", 1),
        (Reply(b"PNG\0\0"), "binary", "not text", 1),
    ],
    ids=range(22),
)
def test_answers_that_are_none(
    server: WebServer, reply: Reply, code: str, reason: str, requests: int
) -> None:
    url = server.answer("/it", reply)
    one = asker(server.address)
    outcome = one.resolve("it", EndpointSettings(url, timeout=0.7, max_bytes=50_000))
    assert isinstance(outcome, Failed)
    assert outcome.notice.code == f"reference/{code}"
    assert reason in outcome.notice.message
    assert re.search(r"asked again at [0-9]", outcome.notice.message)
    assert outcome.retry_at is not None
    assert outcome.retry_at > one.time.now
    assert len(server.requests) == requests


def test_a_length_that_is_too_short_cuts_the_answer(server: WebServer) -> None:
    url = server.answer("/it", Reply("12345", headers={"content-length": "3"}))
    assert asker(server.address).text(url) == "123"


def test_invalid_json_fails_until_the_source_is_asked_again(server: WebServer) -> None:
    url = server.answer("/it", Reply('{"a": '), Reply('{"a": "b"}'))
    endpoint = EndpointSettings(url, extract="$.a", ttl=60)
    one = asker(server.address)
    outcome = one.resolve("it", endpoint)
    assert isinstance(outcome, Failed)
    assert outcome.notice.code == "reference/api-failed"
    assert "not JSON" in outcome.notice.message
    assert outcome.retry_at == NOW + 60
    one.time.now = outcome.retry_at
    assert one.text("it", endpoint) == "b"


def test_500_then_200(server: WebServer) -> None:
    url = server.answer("/it", Reply(status=500), Reply(status=503), Reply("fine"))
    one = asker(server.address)
    assert one.text(url) == "fine"
    assert len(server.requests) == 3
    assert len(one.time.pauses) == 2
    assert all(
        0 <= pause <= limit for pause, limit in zip(one.time.pauses, (0.3, 0.6), strict=True)
    )


@pytest.mark.parametrize("wait", ["2", formatdate(NOW + 2, usegmt=True)])
def test_a_short_retry_after_is_waited_for(server: WebServer, wait: str) -> None:
    url = server.answer("/it", Reply(status=429, headers={"retry-after": wait}), Reply("fine"))
    one = asker(server.address)
    assert one.text(url) == "fine"
    assert one.time.pauses == [2]


@pytest.mark.parametrize("wait", ["120", formatdate(NOW + 120, usegmt=True)])
def test_a_long_retry_after_is_not_waited_for_but_kept(server: WebServer, wait: str) -> None:
    url = server.answer("/it", Reply(status=429, headers={"retry-after": wait}), Reply("fine"))
    one = asker(server.address)
    for now in (NOW, NOW + 119):
        one.time.now = now
        outcome = one.resolve(url)
        assert isinstance(outcome, Failed)
        assert outcome.retry_at == NOW + 120
        assert "429" in outcome.notice.message
        one.handler.invalidate(None)
    assert len(server.requests) == 1
    assert not one.time.pauses
    one.time.now = NOW + 120
    assert one.text(url) == "fine"


def test_each_failure_in_a_row_is_waited_for_longer(server: WebServer) -> None:
    url = server.answer("/it", Reply(status=500))
    one = asker(server.address)
    delays = []
    for _ in range(9):
        outcome = one.resolve(url)
        assert isinstance(outcome, Failed)
        assert outcome.retry_at is not None
        delays.append(outcome.retry_at - one.time.now)
        one.time.now = outcome.retry_at
    assert all(15 * 2**n * 0.8 <= delay <= 15 * 2**n for n, delay in enumerate(delays[:6]))
    assert all(delay <= 1800 for delay in delays)


def test_nobody_listens() -> None:
    with web_server() as gone:
        address, url = gone.address, gone.url
    outcome = asker(address).resolve(url)
    assert isinstance(outcome, Failed)
    assert "cannot be reached" in outcome.notice.message


def test_ipv6() -> None:
    try:
        with web_server("::1") as server:
            url = server.answer("/it", "six")
            assert asker(server.address).text(url) == "six"
            assert isinstance(asker("[::1]:1").resolve(url), Blocked)
    except OSError as error:
        pytest.skip(f"no IPv6 on this machine: {error}")


def test_proxies_netrc_and_cookies_are_not_used(
    server: WebServer, other_server: WebServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, other_server.url)
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HOME", str(tmp_path))
    url = server.answer(
        "/it", Reply("fine", headers={"set-cookie": "a=b", "cache-control": "no-cache"})
    )
    one = asker(server.address)
    one.text(url)
    one.time.now += 60
    one.text(url)
    assert len(server.requests) >= 2
    assert not other_server.requests
    for request in server.requests:
        assert "authorization" not in request.headers
        assert "cookie" not in request.headers


def test_the_whole_time_is_limited_with_redirects_and_tries(server: WebServer) -> None:
    server.answer("/a", Reply(status=302, headers={"location": "/b"}, delay=0.3))
    server.answer("/b", Reply(status=302, headers={"location": "/a"}, delay=0.3))
    outcome = asker(server.address).resolve("it", EndpointSettings(server.url + "/a", timeout=0.8))
    assert isinstance(outcome, Failed)
    assert "within 0.8 s" in outcome.notice.message
    assert len(server.requests) <= 4
