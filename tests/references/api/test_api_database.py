"""Answers in the database: after a restart, and for several processes at once."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from pathlib import Path

import pytest
from tests.oracles.web_server import Reply, WebServer
from tests.references.api.asking import NOW, Time, asker

from promptls.cache import Cache
from promptls.references.model import Blocked
from promptls.settings.fetching import EndpointSettings


@pytest.mark.parametrize(
    ("headers", "level"),
    [
        ({}, "database"),
        ({"cache-control": "private, max-age=60"}, "database"),
        ({"cache-control": "no-store"}, "source"),
        ({"cache-control": "no-cache"}, "source"),
        ({"expires": formatdate(NOW - 5, usegmt=True)}, "source"),
    ],
)
def test_answers_after_a_restart(
    server: WebServer, database: Callable[..., Cache], headers: dict[str, str], level: str
) -> None:
    url = server.answer("/it", Reply("é".encode("latin-1"), headers=headers | LATIN, etag='"1"'))
    first = database()
    before = asker(server.address, cache=first).content(url)
    first.close()
    one = asker(server.address, cache=database(), time=Time(NOW + 2))
    content = one.content(url)
    assert content.level == level
    assert (content.hash, content.key) == (before.hash, before.key)
    assert one.text(url) == "é"
    assert len(server.requests) == (1 if level == "database" else 2)
    confirmed = "if-none-match" in server.requests[-1].headers
    assert confirmed == (level == "source" and headers.get("cache-control") != "no-store")


LATIN = {"content-type": "text/plain; charset=iso-8859-1"}


def test_no_store_takes_away_what_was_stored(
    server: WebServer, database: Callable[..., Cache]
) -> None:
    url = server.answer("/it", Reply("a"), Reply("b", headers={"cache-control": "no-store"}))
    first = database()
    one = asker(server.address, cache=first)
    one.content(url)
    one.time.now += 3600
    assert one.text(url) == "b"
    first.close()
    offline = asker(server.address, cache=database())
    offline.allow(network=False)
    assert isinstance(offline.resolve(url), Blocked)


def test_stale_answers_survive_a_restart(server: WebServer, database: Callable[..., Cache]) -> None:
    url = server.answer("/it", Reply("good"), Reply(status=500))
    first = database()
    asker(server.address, cache=first).content(url)
    first.close()
    one = asker(server.address, cache=database(), time=Time(NOW + 3600))
    content = one.content(url)
    assert (content.stale, content.fetched_at) == (True, NOW)


def test_the_database_never_holds_a_secret(
    server: WebServer,
    database: Callable[..., Cache],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("API_TOKEN", "hunter2hunter2")
    server.answer("/it", "good")
    endpoint = EndpointSettings(
        server.url + "/it?key=${env:API_TOKEN}",
        headers={"Authorization": "Bearer ${env:API_TOKEN}"},
    )
    cache = database()
    one = asker(server.address, cache=cache, environment=("API_TOKEN",))
    one.content("it", endpoint)
    assert cache.flush(10)
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"good" in held
    assert b"hunter2" not in held
    other = asker(server.address, cache=database(), environment=("API_TOKEN",))
    assert other.content("it", endpoint).level == "database"
    monkeypatch.setenv("API_TOKEN", "another")
    assert other.content("it", endpoint).level == "source"


def test_processes_with_one_database_make_one_request(
    server: WebServer, database: Callable[..., Cache]
) -> None:
    url = server.answer("/it", Reply("good", delay=0.5))
    askers = [asker(server.address, cache=database(), time=_RealSleep()) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        contents = [future.result() for future in [pool.submit(one.content, url) for one in askers]]
    assert {content.hash for content in contents} == {contents[0].hash}
    assert len(server.requests) == 1


def test_processes_with_one_database_confirm_once(
    server: WebServer, database: Callable[..., Cache]
) -> None:
    url = server.answer("/it", Reply("good", etag='"1"', headers={"cache-control": "max-age=9"}))
    times = [_RealSleep(), _RealSleep()]
    askers = [asker(server.address, cache=database(one), time=one) for one in times]
    for one in askers:
        one.content(url)
    assert len(server.requests) == 1
    for at in times:
        at.now += 10
    for one in askers:
        assert not one.content(url).stale
    assert len(server.requests) == 2


def test_a_process_that_died_while_it_asked_is_not_waited_for_for_ever(
    server: WebServer, database: Callable[..., Cache]
) -> None:
    url = server.answer("/it", "good")
    one = asker(server.address, cache=database(), time=_RealSleep())
    leases: list[str] = []
    cache = database()
    original = Cache.acquire_lease

    def take(self: Cache, key: str, owner: str, seconds: float) -> bool:
        if not leases:
            assert original(cache, key, "a process that died", 600)
        leases.append(key)
        return original(self, key, owner, seconds)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cache, "acquire_lease", take)
        assert one.text("it", EndpointSettings(url, timeout=0.5)) == "good"
    assert len(leases) > 1


class _RealSleep(Time):
    """Others need real time to come to an end."""

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


_PROCESS = """
import sys
from promptls.cache import Cache
from tests.references.api.asking import RealTime, asker
cache = Cache("sqlite:///" + sys.argv[1])
one = asker(sys.argv[2], cache=cache, time=RealTime())
print(one.content(sys.argv[3]).hash)
cache.close()
"""


def test_real_processes_make_one_request(server: WebServer, tmp_path: Path) -> None:
    url = server.answer("/it", Reply("good", delay=1.5))
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", _PROCESS, str(tmp_path / "cache.sqlite3"), server.address, url]
    processes = [
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    outputs = [process.communicate(timeout=60)[0] for process in processes]
    assert outputs[0]
    assert outputs[0] == outputs[1]
    assert len(server.requests) == 1
