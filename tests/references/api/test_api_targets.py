from __future__ import annotations

import pytest
from tests.oracles.web_server import Received, Reply, WebServer
from tests.references.api.asking import asker

from promptls.references.model import Blocked, Failed, Found, NotFound
from promptls.settings.fetching import EndpointSettings, TtlRule

SENT = "s3cr3t-t0ken/&?"


def _echo(received: Received) -> Reply:
    return Reply(f"{received.method} {received.path} {received.body.decode()}")


@pytest.mark.parametrize(
    ("target", "nearest"),
    [("weather", ("wether",)), ("nothing-like-it", ())],
)
def test_an_unknown_endpoint_names_the_nearest(target: str, nearest: tuple[str, ...]) -> None:
    one = asker()
    request = one.request(target, endpoints={"wether": EndpointSettings("https://example.com/")})
    outcome = one.handler.resolve(request)
    assert isinstance(outcome, NotFound)
    assert outcome.notice.code == "reference/unknown-endpoint"
    assert outcome.notice.replacements == nearest


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://example.com/", "is not an allowed host"),
        ("ftp://listed.example/", "only HTTPS"),
        ("file:///etc/passwd", "only HTTPS"),
        ("https://user:word@listed.example/", "holds a user or password"),
        ("http://listed.example/", "by HTTPS only"),
        ("https://listed.example:8443/", "is not an allowed host"),
        ("https://listed.example@evil.example/", "holds a user or password"),
        ("https://listed.example\\@evil.example/", "holds a user or password"),
        ("https://listed.example.evil.example/", "is not an allowed host"),
        ("http://2130706433/", "is not an allowed host"),
    ],
)
def test_addresses_that_are_blocked_without_a_look_up(url: str, reason: str) -> None:
    outcome = asker("listed.example").resolve(url)
    assert isinstance(outcome, Blocked)
    assert outcome.notice.code == "reference/blocked"
    assert reason in outcome.notice.message
    assert "word" not in outcome.notice.message.replace("password", "")


@pytest.mark.parametrize("url", ["https://", "https:///x", "https://[::1", "https://a:b/"])
def test_addresses_that_are_none(url: str) -> None:
    outcome = asker("listed.example").resolve(url)
    assert isinstance(outcome, Failed)
    assert outcome.notice.code == "reference/api-failed"


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        (("/a/${var:x}", "GET", None), "GET /a/1%2F2%3F%20%C3%A9 "),
        (("/a?q=${var:x}#f", "GET", None), "GET /a?q=1%2F2%3F%20%C3%A9 "),
        (("/a", "POST", "x=${var:x}"), "POST /a x=1/2? é"),
        (("/a", "POST", '{"x": "${var:quoted}"}'), 'POST /a {"x": "say \\"hi\\""}'),
        (("/a/${no:x}", "GET", None), "GET /a/$%7Bno:x%7D "),
    ],
)
def test_variables_are_filled_in(
    server: WebServer, endpoint: tuple[str, str, str | None], expected: str
) -> None:
    path, method, body = endpoint
    for known in ("/a", "/a/1%2F2%3F%20%C3%A9", "/a/$%7Bno:x%7D"):
        server.answer(known, _echo)
    settings = EndpointSettings(server.url + path, "POST" if method == "POST" else "GET", body=body)
    text = asker(server.address).text(
        "it", settings, samples={"x": "1/2? é"}, variables={"x": "no", "quoted": 'say "hi"'}
    )
    assert text == expected.removesuffix("\n")


def test_secrets_of_the_environment_are_sent_and_shown_nowhere(
    server: WebServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setenv("API_TOKEN", SENT)
    server.answer("/a", Reply("fine", headers={"set-cookie": "session=s3cr3t"}))
    endpoint = EndpointSettings(
        server.url + "/a?key=${env:API_TOKEN}",
        "POST",
        headers={"Authorization": "Bearer ${env:API_TOKEN}"},
        body='{"token": "${env:API_TOKEN}"}',
    )
    one = asker(server.address, environment=("API_TOKEN",))
    content = one.content("it", endpoint)
    sent = server.requests[0]
    assert sent.path == "/a?key=s3cr3t-t0ken%2F%26%3F"
    assert sent.headers["authorization"] == f"Bearer {SENT}"
    assert sent.headers["content-type"] == "application/json"
    assert sent.body.decode() == f'{{"token": "{SENT}"}}'
    assert "s3cr3t" not in repr(content)
    assert "s3cr3t" not in caplog.text
    assert content.uri is None


@pytest.mark.parametrize(
    ("place", "allowed", "is_set", "expected"),
    [
        ("${env:API_TOKEN}", ("API_TOKEN",), True, Found),
        ("${env:API_TOKEN}", ("API_TOKEN",), False, Failed),
        ("${env:API_TOKEN}", (), True, Blocked),
        ("${env:HOME}", ("API_TOKEN",), True, Blocked),
        ("${var:env:API_TOKEN}", ("API_TOKEN",), True, Failed),
        ("${var:nobody}", (), True, Failed),
    ],
)
def test_names_that_may_be_filled_in(
    server: WebServer,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    allowed: tuple[str, ...],
    is_set: bool,
    expected: type,
) -> None:
    monkeypatch.delenv("API_TOKEN", raising=False)
    if is_set:
        monkeypatch.setenv("API_TOKEN", SENT)
    server.answer("/", "fine")
    endpoint = EndpointSettings(server.url + "/", headers={"x-key": place})
    outcome = asker(server.address, environment=allowed).resolve("it", endpoint)
    assert isinstance(outcome, expected)
    if isinstance(outcome, Failed):
        assert outcome.notice.code == "reference/undefined-variable"
    assert bool(server.requests) == (expected is Found)


@pytest.mark.parametrize(
    ("name", "value"),
    [("Host", "evil.example"), ("content-length", "0"), ("X-A", "a\r\nX-B: b"), ("X-A", "é")],
)
def test_headers_that_are_not_for_an_endpoint(server: WebServer, name: str, value: str) -> None:
    endpoint = EndpointSettings(server.url + "/", headers={name: "${var:x}"})
    outcome = asker(server.address).resolve("it", endpoint, variables={"x": value})
    assert isinstance(outcome, Failed)
    assert not server.requests


def test_a_wrong_json_path_is_told_before_anything_is_asked(server: WebServer) -> None:
    endpoint = EndpointSettings(server.url + "/", extract="$.[")
    outcome = asker(server.address).resolve("it", endpoint)
    assert isinstance(outcome, Failed)
    assert "is not a JSONPath" in outcome.notice.message
    assert not server.requests


def test_an_untrusted_workspace_asks_nothing(server: WebServer) -> None:
    endpoint = EndpointSettings(server.answer("/", "fine"))
    one = asker(server.address)
    assert isinstance(one.resolve("it", endpoint), Found)
    one.allow(trusted=False)
    for target, settings in (("it", endpoint), (server.url + "/", None)):
        outcome = one.resolve(target, settings)
        assert isinstance(outcome, Blocked)
        assert "not trusted" in outcome.notice.message
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("endpoint_ttl", "rules", "age", "requests"),
    [
        (None, (), 299, 1),
        (None, (), 301, 2),
        (50, (), 49, 1),
        (50, (), 51, 2),
        (None, (("http://127.0.0.1:*/a?*", 50),), 301, 2),
        (None, (("http://127.0.0.1:*/a?x=[1]*", 500),), 301, 1),
        (None, (("*/b", 50), ("*", 500)), 301, 1),
        (50, (("*", 500),), 51, 2),
    ],
)
def test_time_to_live(
    server: WebServer,
    endpoint_ttl: float | None,
    rules: tuple[tuple[str, float], ...],
    age: float,
    requests: int,
) -> None:
    server.answer("/a", "fine")
    endpoint = EndpointSettings(server.url + "/a?x=[1]", ttl=endpoint_ttl)
    one = asker(server.address)
    ttl_rules = tuple(TtlRule(url, seconds) for url, seconds in rules)
    one.content("it", endpoint, ttl_rules=ttl_rules)
    one.time.now += age
    one.content("it", endpoint, ttl_rules=ttl_rules)
    assert len(server.requests) == requests


def test_contents_with_different_answers_have_different_keys(server: WebServer) -> None:
    url = server.answer("/a", '{"x": "1", "y": "2"}')
    endpoints = [
        EndpointSettings(url),
        EndpointSettings(url, extract="$.x"),
        EndpointSettings(url, extract="$.y"),
        EndpointSettings(url, "POST"),
        EndpointSettings(url, "POST", body="{}"),
        EndpointSettings(url, headers={"x-key": "1"}),
        EndpointSettings(url, headers={"x-key": "2"}),
        EndpointSettings(url, headers={"accept": "text/plain"}),
        EndpointSettings(url + "?x"),
    ]
    one = asker(server.address)
    assert len({one.content("it", endpoint).key for endpoint in endpoints}) == len(endpoints)
