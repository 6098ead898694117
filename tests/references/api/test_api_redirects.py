"""Redirects, and names that lead where they should not."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import httpcore2
import pytest
from tests.oracles.web_server import Received, Reply, WebServer, web_server
from tests.references.api.asking import asker

from promptls.references.api.network import Network, system_connect
from promptls.references.model import Blocked, Failed, Found
from promptls.settings.fetching import EndpointSettings

PUBLIC = "93.184.215.14"


def _redirect(to: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"location": to})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(server: WebServer, status: int) -> None:
    url = server.answer("/a", _redirect("b?x=1#f", status))
    server.answer("/b", lambda received: Reply(received.path))
    one = asker(server.address)
    assert one.text(url) == "/b?x=1"
    assert one.content(url).name == url


@pytest.mark.parametrize(
    ("location", "outcome", "reason"),
    [
        ("/a", Failed, "redirects more than 5 times"),
        ("", Failed, "redirects to what is no address"),
        ("http://[::1", Failed, "redirects to what is no address"),
        ("http://10.0.0.1/", Blocked, "`10.0.0.1` is not an allowed host"),
        ("http://169.254.169.254/latest/meta-data/", Blocked, "is not an allowed host"),
        ("http://localhost:{port}/", Blocked, "`localhost` is not an allowed host"),
        ("http://127.0.0.1:1/", Blocked, "is not an allowed host"),
        ("http://0x7f000001:{port}/", Blocked, "is not an allowed host"),
        ("https://example.com/", Blocked, "`example.com` is not an allowed host"),
        ("file:///etc/passwd", Blocked, "only HTTPS"),
        ("//user:word@127.0.0.1:{port}/", Blocked, "user or password"),
        ("javascript:alert(1)", Blocked, "only HTTPS"),
    ],
)
def test_redirects_that_are_not_followed(
    server: WebServer, location: str, outcome: type, reason: str
) -> None:
    url = server.answer("/a", _redirect(location.format(port=server.port)))
    server.answer("/", "must not be asked")
    found = asker(server.address).resolve(url)
    assert isinstance(found, outcome)
    assert isinstance(found, Failed | Blocked)
    assert reason in found.notice.message
    assert {request.path for request in server.requests} == {"/a"}


@pytest.mark.parametrize(
    ("status", "crosses", "expected"),
    [
        (302, False, ("GET", b"", True)),
        (303, False, ("GET", b"", True)),
        (307, False, ("POST", b"body", True)),
        (302, True, ("GET", b"", False)),
        (308, True, None),
    ],
)
def test_what_is_sent_again(
    server: WebServer,
    other_server: WebServer,
    status: int,
    crosses: bool,
    expected: tuple[str, bytes, bool] | None,
) -> None:
    target = other_server if crosses else server
    target.answer("/b", "fine")
    url = server.answer("/a", _redirect(target.url + "/b", status))
    endpoint = EndpointSettings(
        url,
        "POST",
        headers={"Authorization": "Bearer x", "X-Api-Key": "y", "Cookie": "z", "Accept": "text/*"},
        body="body",
    )
    outcome = asker(server.address, other_server.address).resolve("it", endpoint)
    if expected is None:
        assert isinstance(outcome, Failed)
        assert not other_server.requests
        return
    assert isinstance(outcome, Found)
    sent = target.requests[-1]
    has_secrets = "authorization" in sent.headers
    assert (sent.method, sent.body, has_secrets) == expected
    assert ("x-api-key" in sent.headers, "cookie" in sent.headers) == (has_secrets, has_secrets)
    assert sent.headers["accept"] == "text/*"


def test_secrets_do_not_come_back_with_a_redirect_to_the_first_host(
    server: WebServer, other_server: WebServer
) -> None:
    url = server.answer("/a", _redirect(other_server.url + "/b"))
    other_server.answer("/b", _redirect(server.url + "/c"))
    server.answer("/c", "fine")
    endpoint = EndpointSettings(url, headers={"Authorization": "Bearer x"})
    asker(server.address, other_server.address).content("it", endpoint)
    assert "authorization" in server.requests[0].headers
    assert "authorization" not in server.requests[1].headers


class FakeNames:
    """Names with answers that change, and connections that all end at one server."""

    def __init__(self, server: WebServer, *answers: Sequence[str]) -> None:
        self._server = server
        self._answers = list(answers)
        self.looked_up: list[str] = []
        self.connected: list[tuple[str, int]] = []

    def lookup(self, host: str, port: int) -> Sequence[str]:
        """The next of the answers; the last for ever."""
        self.looked_up.append(host)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def connect(self, address: str, port: int, seconds: float) -> httpcore2.NetworkStream:
        """Note where to, and connect to the server."""
        self.connected.append((address, port))
        return system_connect("127.0.0.1", self._server.port, seconds)

    def network(self, certificates: Callable[[], ssl.SSLContext] | None = None) -> Network:
        """Both, for the handler."""
        return Network(self.lookup, self.connect, certificates or ssl.create_default_context)


@pytest.mark.parametrize(
    ("addresses", "reason"),
    [
        (["127.0.0.1"], "leads to 127.0.0.1, which is a loopback address"),
        (["10.1.2.3"], None),
        (["169.254.169.254"], "link-local"),
        (["::ffff:127.0.0.1"], "loopback"),
        (["64:ff9b::7f00:1"], "loopback"),
        (["0.0.0.0"], "unspecified"),  # noqa: S104 - nothing listens there
        (["::"], "unspecified"),
        ([PUBLIC, "127.0.0.1"], "loopback"),
        ([PUBLIC], None),
    ],
)
def test_addresses_that_a_name_leads_to(
    server: WebServer, addresses: list[str], reason: str | None
) -> None:
    names = FakeNames(server, addresses)
    server.answer("/it", "fine")
    outcome = asker("a.example:8080", network=names.network()).resolve("http://a.example:8080/it")
    if reason is None:
        assert isinstance(outcome, Found)
        assert names.connected == [(addresses[0], 8080)]
        assert server.requests[0].headers["host"] == "a.example:8080"
        return
    assert isinstance(outcome, Blocked)
    assert reason in outcome.notice.message
    assert not names.connected


def test_a_name_that_changes_its_mind_gains_nothing(server: WebServer) -> None:
    server.answer("/it", Reply("fine", headers={"cache-control": "no-cache"}))
    names = FakeNames(server, [PUBLIC], ["127.0.0.1"])
    one = asker("a.example:8080", network=names.network())
    assert isinstance(one.resolve("http://a.example:8080/it"), Found)
    assert names.looked_up == ["a.example"]
    assert names.connected == [(PUBLIC, 8080)]
    one.time.now += 60
    outcome = one.resolve("http://a.example:8080/it")
    assert isinstance(outcome, Blocked)
    assert "loopback" in outcome.notice.message
    assert len(names.connected) == 1


def test_a_name_is_judged_again_after_a_redirect(server: WebServer) -> None:
    server.answer("/it", _redirect("http://b.example:8080/it"))
    names = FakeNames(server, [PUBLIC], ["127.0.0.1"])
    one = asker("a.example:8080", "b.example:8080", network=names.network())
    outcome = one.resolve("http://a.example:8080/it")
    assert isinstance(outcome, Blocked)
    assert names.looked_up == ["a.example", "b.example"]
    assert len(names.connected) == 1


def test_localhost_is_what_the_system_says(server: WebServer) -> None:
    server.answer("/it", "fine")
    host = f"localhost:{server.port}"
    assert isinstance(asker(host).resolve(f"http://{host}/it"), Found)


@pytest.mark.parametrize("error", [socket.gaierror(-2, "unknown"), UnicodeError("label")])
def test_names_that_nobody_knows(error: Exception) -> None:
    def lookup(host: str, port: int) -> Sequence[str]:
        raise error

    outcome = asker("a.example", network=Network(lookup)).resolve("https://a.example/")
    assert isinstance(outcome, Failed)
    assert "nobody knows its name" in outcome.notice.message


def test_a_look_up_that_hangs_is_not_waited_for() -> None:
    hanging = threading.Event()

    def lookup(host: str, port: int) -> Sequence[str]:
        hanging.wait(30)
        return [PUBLIC]

    endpoint = EndpointSettings("https://a.example/", timeout=0.3)
    try:
        outcome = asker("a.example", network=Network(lookup)).resolve("it", endpoint)
    finally:
        hanging.set()
    assert isinstance(outcome, Failed)
    assert "within 0.3 s" in outcome.notice.message


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for service.example with its key, in one file."""
    folder = tmp_path_factory.mktemp("tls")
    made = subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes", "-days", "2"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-subj", "/CN=service.example"),
            *("-addext", "subjectAltName=DNS:service.example"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")),
        ],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"openssl makes no certificate: {made.stderr.decode()}")
    both = folder / "both.pem"
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "certificate.pem").read_bytes())
    return both


@pytest.mark.parametrize(
    ("host", "trusts", "reason"),
    [
        ("service.example", True, None),
        ("other.example", True, "has no valid certificate"),
        ("service.example", False, "has no valid certificate"),
    ],
)
def test_tls_uses_the_name_whatever_the_address(
    certificate: Path, host: str, trusts: bool, reason: str | None
) -> None:
    seen: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda connection, name, _: seen.append(name)

    def certificates() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=certificate if trusts else None)

    with web_server(tls=context) as server:
        server.answer("/it", lambda received: Reply(_host(received)))
        names = FakeNames(server, [PUBLIC])
        one = asker("*.example", network=names.network(certificates))
        outcome = one.resolve(f"https://{host}/it")
        assert names.connected[0] == (PUBLIC, 443)
        assert seen[0] == host
        if reason is None:
            assert one.text(f"https://{host}/it") == host
        else:
            assert isinstance(outcome, Failed)
            assert reason in outcome.notice.message


def _host(received: Received) -> str:
    return received.headers["host"]
