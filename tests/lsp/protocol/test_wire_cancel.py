"""Cancellation, and requests of the server to the client."""

from __future__ import annotations

import pytest
from tests.lsp.wire import Wire

CANCELLED = -32800


def cancel(wire: Wire, id_: int) -> None:
    wire.notify("$/cancelRequest", {"id": id_})


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("demo/wait", {"seconds": 60}),
        ("workspace/executeCommand", {"command": "demo.wait", "arguments": [60]}),
    ],
)
def test_a_running_request_really_stops(demo: Wire, method: str, params: object) -> None:
    id_ = demo.start_request(method, params)
    while demo.result("demo/events") != ["started"]:
        pass
    cancel(demo, id_)
    assert demo.response(id_)["error"]["code"] == CANCELLED
    assert demo.result("demo/events") == ["started", "cancelled"]
    assert demo.quiet(0.05)  # answered once


def test_a_queued_request_never_runs(demo: Wire) -> None:
    demo.start_request("demo/block", {"seconds": 0.5})
    queued = demo.start_request("demo/wait", {"seconds": 0})
    fast = demo.start_request("textDocument/inlayHint", {"textDocument": {"uri": "demo:crash"}})
    cancel(demo, queued)
    cancel(demo, fast)
    assert demo.response(queued)["error"]["code"] == CANCELLED
    assert demo.response(fast)["error"]["code"] == CANCELLED
    assert demo.result("demo/events") == []


def test_an_id_may_be_used_again_after_a_late_cancel(demo: Wire) -> None:
    for _ in range(3):
        demo.send({"id": 500, "method": "demo/echo", "params": "x"})
        assert demo.response(500)["result"] == "x"
        cancel(demo, 500)


def test_cancelled_in_the_same_breath(demo: Wire) -> None:
    """The request is read together with its cancellation: one answer, and it did not finish."""
    demo.send(
        {"id": 700, "method": "demo/wait", "params": {"seconds": 60}},
        {"method": "$/cancelRequest", "params": {"id": 700}},
    )
    assert demo.response(700)["error"]["code"] == CANCELLED
    assert "finished" not in demo.result("demo/events")
    assert demo.quiet(0.05)


def test_shutdown_answers_what_is_running(demo: Wire) -> None:
    command = {"command": "demo.wait", "arguments": [60]}
    ids = [demo.start_request("workspace/executeCommand", command) for _ in range(20)]
    assert demo.result("shutdown") is None
    assert {demo.response(id_)["error"]["code"] for id_ in ids} == {CANCELLED}
    demo.notify("exit")
    assert demo.exit_code() == 0


def test_asking_the_client(demo: Wire) -> None:
    id_ = demo.start_request("demo/ask")
    question = demo.expect("workspace/configuration")
    answer = [{"budget": {"document": "80%", "list": [1, None, {"a": True}]}}]
    demo.send({"jsonrpc": "2.0", "id": question["id"], "result": answer})
    assert demo.response(id_)["result"] == answer


def test_a_client_that_refuses(demo: Wire) -> None:
    id_ = demo.start_request("demo/refuse-ask")
    question = demo.expect("workspace/inlayHint/refresh")
    demo.send({"id": question["id"], "error": {"code": -32601, "message": "cannot"}})
    assert demo.response(id_)["result"] == "JsonRpcException: cannot"


@pytest.mark.parametrize("answer", [{"result": 17}, {"error": None}, {"error": {"code": "x"}}])
def test_a_client_that_answers_nonsense(demo: Wire, answer: dict[str, object]) -> None:
    id_ = demo.start_request("demo/ask")
    demo.send({"id": demo.expect("workspace/configuration")["id"], **answer})
    assert "error" in demo.response(id_)
    assert demo.result("demo/echo", 1) == 1


def test_a_client_that_never_answers(demo: Wire) -> None:
    id_ = demo.start_request("demo/ask")
    demo.expect("workspace/configuration")
    cancel(demo, id_)
    assert demo.response(id_)["error"]["code"] == CANCELLED
    demo.start_request("demo/ask")
    demo.expect("workspace/configuration")
    assert demo.shutdown() == 0


def test_a_notification_from_another_thread(demo: Wire) -> None:
    demo.request("demo/notify-from-thread")
    assert demo.expect("demo/note")["params"] == {"from": "thread"}
