"""What comes from the network and the environment: trust, allowed hosts, one request for all."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from tests.lsp.conftest import Start
from tests.lsp.editor import Json, edit
from tests.lsp.resolved import (
    CHANGED,
    codes,
    exact,
    put,
    rendered_soon,
    report_when,
    statuses,
    tell,
)
from tests.oracles.reference_encodings import reference_count
from tests.oracles.web_server import Received, Reply, WebServer, web_server


@pytest.fixture
def web() -> Iterator[WebServer]:
    with web_server() as server:
        yield server


def trusted(web: WebServer, **machine: object) -> Json:
    return {"trusted": True, "machine": {"allowedHosts": [web.address], **machine}}


def test_pending_then_resolved(start: Start, web: WebServer) -> None:
    """Files do not wait for a source that is slow."""
    url = web.answer("/slow", Reply("the answer", delay=2))
    with start() as editor:
        put(editor, "a.md", "a file")
        editor.initialize(options=trusted(web))
        uri = editor.open(editor.uri("prompts/p.md"), f"# P\n@file:../a.md\n@api:{url}\n")
        report = editor.wait(
            lambda: editor.report_now(uri), lambda one: one["references"][0]["status"] == "resolved"
        )
        assert report["references"][1]["status"] == "pending"
        assert (report["pending"], report["expandedTokens"]) == (1, None)
        assert editor.labels(uri)[1:] == ["2 tok", "⋯"]
        before = editor.asked["workspace/inlayHint/refresh"]
        assert exact(editor, uri) == "# P\na file\nthe answer\n"
        assert editor.labels(uri)[1:] == ["2 tok", "2 tok"]
        assert editor.asked["workspace/inlayHint/refresh"] > before
        reference = editor.report(uri)["references"][1]
        assert (reference["kind"], reference["resolvedUri"]) == ("api", url)
        assert abs(reference["fetchedAt"] - time.time()) < 30


def test_one_request_for_all(start: Start, web: WebServer) -> None:
    url = web.answer("/x", Reply("answer", delay=0.3))
    with start() as editor:
        editor.initialize(options=trusted(web))
        lines = [f"@api:{url}" for _ in range(100)]
        uris = [
            editor.open(editor.uri(f"prompts/{name}.md"), "\n".join(lines) + "\n") for name in "pq"
        ]
        for uri in uris:
            assert exact(editor, uri) == "answer\n" * 100
        assert len(web.requests) == 1


def test_trust(start: Start, web: WebServer) -> None:
    url = web.answer("/x", "answer")
    options = trusted(web, environment=["PROMPTLS_TEST"]) | {"trusted": False}
    with start(PROMPTLS_TEST="value") as editor:
        outside = editor.root.parent / "shared.md"
        outside.write_text("shared")
        options["machine"]["allowedRoots"] = [str(editor.root.parent)]
        put(editor, "promptls.toml", f'[endpoints.x]\nurl = "{url}"\n')
        editor.initialize(options=options)
        text = f"@api:{url} @api:x @var:env:PROMPTLS_TEST @file:../../shared.md\n"
        uri = editor.open(editor.uri("prompts/p.md"), text)
        assert exact(editor, uri) == text
        assert statuses(editor, uri) == [("blocked", "reference/blocked")] * 4
        assert web.requests == []
        editor.wire.notify("promptls/trustGranted")
        rendered_soon(editor, uri, "answer answer value shared\n")
        assert [code for code in codes(editor.report(uri)) if "blocked" in code] == []


def test_a_workspace_cannot_allow_anything(start: Start, web: WebServer) -> None:
    url = web.answer("/x", "answer")
    with start(PROMPTLS_TEST="value") as editor:
        put(
            editor,
            "promptls.toml",
            f'allowed-hosts = ["{web.address}"]\nallowed-roots = ["/etc"]\n'
            'environment = ["PROMPTLS_TEST"]\nnetwork = true\nplugins = ["x"]\n'
            'trusted = true\n[database]\nurl = "sqlite:////tmp/stolen.db"\n',
        )
        editor.initialize(options={"trusted": True})
        uri = editor.open(
            editor.uri("prompts/p.md"),
            f"@api:{url} @var:env:PROMPTLS_TEST @file:../../../../../etc/hostname\n",
        )
        assert [status for status, _ in statuses(editor, uri)] == ["blocked"] * 3
        assert web.requests == []
        settings = editor.codes(
            editor.uri("promptls.toml"), {"settings/machine-only", "settings/unknown-key"}
        )
        assert sum(item["code"] == "settings/machine-only" for item in settings) >= 6


@pytest.mark.parametrize(
    ("replies", "status", "code"),
    [
        ([Reply(status=404)], "failed", "reference/api-failed"),
        ([Reply("\x00\x01" * 50)], "failed", "reference/binary"),
        ([Reply(b"\xff\xfe\x00")], "resolved", None),
        ([Reply(status=302, headers={"location": "http://169.254.169.254/"})], "blocked", None),
        ([Reply(status=302, headers={"location": "http://localhost:1/"})], "blocked", None),
        ([Reply(status=302, headers={"location": "file:///etc/passwd"})], "blocked", None),
        ([Reply(status=302, headers={"location": "/x"})], "failed", "reference/api-failed"),
        ([Reply(raw=b"garbage\r\n\r\n")], "failed", "reference/api-failed"),
        ([Reply("x" * 4096, endless=True)], "failed", "reference/too-large"),
        ([Reply(status=500), Reply("then")], "resolved", None),
    ],
)
def test_answers(
    start: Start, web: WebServer, replies: list[Reply], status: str, code: str | None
) -> None:
    url = web.answer("/x", *replies)
    with start() as editor:
        editor.initialize(options=trusted(web))
        uri = editor.open(editor.uri("prompts/p.md"), f"x @api:{url} y\n")
        exact(editor, uri)
        [(found, reason)] = statuses(editor, uri)
        assert found == status
        assert reason == code or (status == "blocked" and reason == "reference/blocked")
        assert " ERROR " not in editor.wire.stderr


def test_endpoints_that_change(start: Start, web: WebServer) -> None:
    """An answer that was asked for under other settings is not taken for one of these."""
    web.answer("/old", Reply("old", delay=2))
    web.answer("/new", Reply("the new answer"))
    with start() as editor:
        put(editor, "promptls.toml", f'[endpoints.x]\nurl = "{web.url}/old"\n')
        editor.initialize(options=trusted(web))
        uri = editor.open(editor.uri("prompts/p.md"), "@api:x\n")
        editor.wait(lambda: len(web.requests), bool)
        put(editor, "promptls.toml", f'[endpoints.x]\nurl = "{web.url}/new"\n')
        tell(editor, ("promptls.toml", CHANGED))
        rendered_soon(editor, uri, "the new answer\n")
        time.sleep(2.2)  # the old answer has come by now
        assert exact(editor, uri) == "the new answer\n"


def test_secrets_stay_where_they_are(start: Start, web: WebServer) -> None:
    received: list[Received] = []

    def answer(request: Received) -> Reply:
        received.append(request)
        return Reply('{"a": ["answer"]}')

    web.answer("/x", answer)
    with start(PROMPTLS_TEST="sesame-open-4711") as editor:
        put(
            editor,
            "promptls.toml",
            f'[endpoints.x]\nurl = "{web.url}/x?key=${{env:PROMPTLS_TEST}}"\nextract = "$.a[0]"\n'
            '[endpoints.x.headers]\nAuthorization = "Bearer ${env:PROMPTLS_TEST}"\n',
        )
        editor.initialize(options=trusted(web, environment=["PROMPTLS_TEST"]))
        uri = editor.open(editor.uri("prompts/p.md"), "@api:x @var:env:PROMPTLS_TEST\n")
        report = report_when(editor, uri, lambda report: report["expandedTokens"] is not None)
        wanted = reference_count("cl100k_base", "answer sesame-open-4711\n")
        assert report["expandedTokens"] == wanted
        assert received[0].headers["authorization"] == "Bearer sesame-open-4711"
        assert "sesame" not in str(report)
        assert "sesame" not in str(editor.hints(uri))
        assert "sesame" not in editor.wire.stderr


def test_nothing_is_fetched_while_somebody_types(start: Start, web: WebServer) -> None:
    web.answer("/abcdefghij", "answer")
    with start() as editor:
        editor.initialize(options=trusted(web))
        uri = editor.open(editor.uri("prompts/p.md"), "\n")
        for number, letter in enumerate(f"@api:{web.url}/abcdefghij"):
            editor.change(uri, edit((0, number), (0, number), letter))
            time.sleep(0.02)
        rendered_soon(editor, uri, "answer\n")
        assert [request.path for request in web.requests] == ["/abcdefghij"]
