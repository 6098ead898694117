"""Documents and fast handlers, in a real server process."""

from __future__ import annotations

import pytest
from tests.lsp.wire import Wire

RANGE = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}


def hint_params(uri: str) -> dict[str, object]:
    return {"textDocument": {"uri": uri}, "range": RANGE}


def open_document(wire: Wire, uri: str, text: str) -> None:
    document = {"uri": uri, "languageId": "markdown", "version": 1, "text": text}
    wire.notify("textDocument/didOpen", {"textDocument": document})


def test_documents_reach_the_features_and_never_pygls(demo: Wire) -> None:
    open_document(demo, "demo:a", "one")
    demo.notify(
        "textDocument/didChange",
        {"textDocument": {"uri": "demo:a", "version": 2}, "contentChanges": [{"text": "two"}]},
    )
    assert demo.result("textDocument/inlayHint", hint_params("demo:a"))[0]["label"] == "two"
    assert demo.result("demo/documents") == {"texts": {"demo:a": "two"}, "pygls": []}
    demo.notify("textDocument/didClose", {"textDocument": {"uri": "demo:a"}})
    assert demo.result("demo/documents") == {"texts": {}, "pygls": []}


def test_a_fast_handler_may_leave_the_request_to_the_feature(shared: Wire) -> None:
    assert shared.result("textDocument/inlayHint", hint_params("demo:slow")) == [
        {"position": {"line": 0, "character": 0}, "label": "slow"}
    ]


@pytest.mark.parametrize(
    ("uri", "error"),
    [
        ("demo:bad", {"code": -32602, "message": "no such document"}),
        (
            "demo:crash",
            {"code": -32603, "message": "internal error in textDocument/inlayHint: ValueError"},
        ),
    ],
)
def test_errors_of_a_fast_handler(shared: Wire, uri: str, error: object) -> None:
    assert shared.request("textDocument/inlayHint", hint_params(uri))["error"] == error


def test_a_fast_notification_sent_as_a_request_is_answered(demo: Wire) -> None:
    open_document(demo, "demo:a", "one")
    params = {"textDocument": {"uri": "demo:a"}, "contentChanges": [{"text": "two"}]}
    assert demo.result("textDocument/didChange", params) is None


def test_a_flood_is_answered_in_order(shared: Wire) -> None:
    """More messages at once than the loop handles in one turn."""
    ids = list(range(1000, 2000))
    shared.send(*({"id": id_, "method": "demo/echo", "params": id_} for id_ in ids))
    assert [shared.recv()["result"] for _ in ids] == ids
