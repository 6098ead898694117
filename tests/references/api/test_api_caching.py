"""When a source is asked, and what serves meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.oracles.web_server import Received, Reply, WebServer, web_server
from tests.references.api.asking import NOW, asker

from promptls.references.api.joining import Joining
from promptls.references.model import Blocked, Failed, Found
from promptls.settings.fetching import EndpointSettings


def test_200_threads_make_one_request(server: WebServer) -> None:
    url = server.answer("/it", Reply("a few words", delay=0.3))
    one = asker(server.address)
    one.request(url)  # loads the engine, which 200 threads would do 200 times
    ready = threading.Barrier(200)

    def ask() -> str:
        ready.wait(30)
        return one.content(url).hash

    with ThreadPoolExecutor(200) as pool:
        hashes = {future.result() for future in [pool.submit(ask) for _ in range(200)]}
    assert len(hashes) == 1
    assert len(server.requests) == 1


def test_all_who_wait_get_the_failure(server: WebServer) -> None:
    url = server.answer("/it", Reply(status=404, delay=0.3))
    one = asker(server.address)
    with ThreadPoolExecutor(20) as pool:
        outcomes = [
            future.result() for future in [pool.submit(one.resolve, url) for _ in range(20)]
        ]
    assert all(isinstance(outcome, Failed) for outcome in outcomes)
    assert len(server.requests) == 1


def test_what_is_raised_reaches_all_who_wait() -> None:
    joining: Joining[int] = Joining()
    started, go_on = threading.Event(), threading.Event()

    def fail() -> int:
        started.set()
        go_on.wait(30)
        raise OSError("once")

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(joining.run, "key", fail)
        started.wait(30)
        second = pool.submit(joining.run, "key", lambda: 1)
        while not joining._flights["key"]._condition._waiters:  # type: ignore[attr-defined]
            time.sleep(0.001)
        go_on.set()
        assert [type(one.exception()) for one in (first, second)] == [OSError, OSError]
    assert joining.run("key", lambda: 2) == 2


def test_other_extracts_of_one_answer_make_no_request(server: WebServer) -> None:
    url = server.answer("/it", '{"a": "x", "b": "y"}')
    one = asker(server.address)
    assert one.text("it", EndpointSettings(url, extract="$.a")) == "x"
    assert one.text("it", EndpointSettings(url, extract="$.b")) == "y"
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("validators", "sent"),
    [
        ({"etag": '"1"'}, {"if-none-match": '"1"'}),
        ({"last-modified": "Tue, 14 Nov 2023 22:13:20 GMT"}, None),
        ({}, {}),
    ],
)
def test_an_old_answer_is_confirmed(
    server: WebServer, validators: dict[str, str], sent: dict[str, str] | None
) -> None:
    if sent is None:
        sent = {"if-modified-since": validators["last-modified"]}

    def answer(received: Received) -> Reply:
        if any(name in received.headers for name in ("if-none-match", "if-modified-since")):
            return Reply(status=304, headers={"cache-control": "max-age=500"})
        return Reply("text", headers=validators)

    url = server.answer("/it", answer)
    one = asker(server.address)
    assert one.content(url).level == "source"
    one.time.now += 299
    content = one.content(url)
    assert (content.level, content.fetched_at) == ("memory", NOW)
    one.time.now += 2
    content = one.content(url)
    assert (content.level, content.fetched_at, content.stale) == ("source", NOW + 301, False)
    assert one.text(url) == "text"
    second = server.requests[1].headers
    assert {name: second[name] for name in second if name.startswith("if-")} == sent
    one.time.now += 499 if validators else 299
    one.content(url)
    assert len(server.requests) == 2


def test_an_answer_that_changed_takes_the_place_of_the_old(server: WebServer) -> None:
    url = server.answer("/it", Reply("old", etag='"1"'), Reply("new", etag='"2"'))
    one = asker(server.address)
    request = one.request(url)
    old = one.content(url)
    one.handler.invalidate(frozenset({"/some/file", old.key}))
    one.time.now += 1
    new = one.content(url)
    assert (one.text(url), new.hash != old.hash) == ("new", True)
    assert one.handler.text(old, request) is None
    assert len(server.requests) == 2


def test_other_contents_stay_fresh_when_one_is_invalidated(server: WebServer) -> None:
    url, other = server.answer("/it", "a"), server.answer("/other", "b")
    one = asker(server.address)
    one.content(url)
    key = one.content(other).key
    one.handler.invalidate(frozenset({key + "#L1-L2"}))
    one.time.now += 1
    assert one.content(url).level == "memory"
    assert one.content(other).level == "source"


@pytest.mark.parametrize(
    "broken",
    [
        Reply(status=500),
        Reply(status=503, headers={"retry-after": "600"}),
        Reply(status=429),
        Reply(raw=b""),
        Reply(delay=30),
    ],
    ids=["500", "503", "429", "closed", "slow"],
)
def test_the_last_good_answer_serves_while_the_source_is_down(
    server: WebServer, broken: Reply
) -> None:
    url = server.answer("/it", Reply("good"), broken)
    endpoint = EndpointSettings(url, timeout=0.5)
    one = asker(server.address)
    one.content("it", endpoint)
    one.time.now = NOW + 10_800
    content = one.content("it", endpoint)
    assert content.stale
    assert content.fetched_at == NOW
    assert one.text("it", endpoint) == "good"
    (notice,) = content.notices
    assert notice.code == "reference/api-failed"
    assert "stands in" in notice.message
    asked = len(server.requests)
    assert one.content("it", endpoint).stale
    assert len(server.requests) == asked
    server.answer("/it", "better")
    one.time.now += 3600
    content = one.content("it", endpoint)
    assert (content.stale, content.notices) == (False, ())
    assert one.text("it", endpoint) == "better"


@pytest.mark.parametrize("refusal", [Reply(status=404), Reply(status=403), Reply("x" * 2_000_000)])
def test_a_refusal_is_not_covered_by_an_old_answer(server: WebServer, refusal: Reply) -> None:
    url = server.answer("/it", Reply("good"), refusal)
    one = asker(server.address)
    one.content(url)
    one.time.now += 3600
    assert isinstance(one.resolve(url), Failed)


def test_a_server_that_is_gone_is_covered(server: WebServer) -> None:
    with web_server() as going:
        url = going.answer("/it", "good")
        one = asker(going.address)
        one.content(url)
    one.time.now += 3600
    assert one.content(url).stale


def test_without_the_network_only_what_is_known_serves(server: WebServer) -> None:
    url = server.answer("/it", "good")
    one = asker(server.address)
    one.allow(network=False)
    outcome = one.resolve(url)
    assert isinstance(outcome, Blocked)
    assert "network is switched off" in outcome.notice.message
    one.allow(network=True)
    one.content(url)
    one.allow(network=False)
    assert not one.content(url).stale
    one.time.now += 3600
    content = one.content(url)
    assert (content.stale, content.notices) == (True, ())
    assert len(server.requests) == 1


def test_a_host_that_is_not_allowed_any_more_is_blocked_though_known(server: WebServer) -> None:
    url = server.answer("/it", "good")
    one = asker(server.address)
    content = one.content(url)
    one.allow(hosts=())
    assert isinstance(one.resolve(url), Blocked)
    assert one.handler.text(content, one.request(url)) is None


def test_the_handler_is_light_to_import() -> None:
    code = (
        "import sys, json, promptls.references.api.handler; "
        "print(json.dumps([name for name in ('httpx2', 'httpcore2', 'jsonpath', 'sqlalchemy', "
        "'yaml', 'tiktoken') if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_found_contents_are_measured_once_for_each_encoding(server: WebServer) -> None:
    url = server.answer("/it", "good words")
    one = asker(server.address)
    first, second = one.resolve(url), one.resolve(url)
    assert isinstance(first, Found)
    assert isinstance(second, Found)
    assert first.contents[0].parts[0] is second.contents[0].parts[0]
