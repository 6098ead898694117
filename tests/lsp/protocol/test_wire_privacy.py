"""No prompt text in any log or error, at any level."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.lsp.protocol.conftest import DEMO, Start
from tests.lsp.wire import Wire, python

QUOTE = "crash Geheimnis"
POSITION = {"textDocument": {"uri": "demo:a"}, "position": {"line": 0, "character": 0}}


def provoke_everything(wire: Wire) -> list[object]:
    """Send the secret by every way on which something could be logged or answered in error."""
    wire.initialize(initializationOptions={"text": QUOTE})
    document = {"uri": "demo:a", "languageId": "markdown", "version": 1, "text": QUOTE}
    wire.notify("textDocument/didOpen", {"textDocument": document})
    wire.notify("textDocument/didOpen", {"textDocument": {**document, "uri": None, "version": []}})
    wire.notify(
        "textDocument/didChange",
        {"textDocument": {"uri": "demo:b"}, "contentChanges": [{"text": QUOTE}]},
    )
    wire.notify("textDocument/didChange", {"text": QUOTE})
    wire.notify("demo/note", QUOTE)
    wire.notify(QUOTE, {"text": QUOTE})
    wire.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [QUOTE]}})
    wire.send_bytes(b"Content-Length: 40\r\n\r\n{" + QUOTE.encode() + b"}" * 40)
    answers: list[object] = [
        wire.request("textDocument/hover", POSITION),
        wire.request("textDocument/hover", {**POSITION, "position": QUOTE}),
        wire.request("textDocument/hover", {**POSITION, "position": {"line": QUOTE}}),
        wire.request(
            "workspace/executeCommand", {"command": "demo.add", "arguments": [QUOTE, QUOTE]}
        ),
        wire.request("workspace/executeCommand", {"command": QUOTE}),
        wire.request("textDocument/" + QUOTE, {"text": QUOTE}),
    ]
    question = wire.start_request("demo/ask")
    id_ = wire.expect("workspace/configuration")["id"]
    wire.send({"id": id_, "result": {"text": QUOTE}})
    answers.append(wire.response(question))
    return answers


@pytest.mark.parametrize("chatty", [(), ("--chatty",)])
def test_no_text_in_logs_or_errors(start: Start, tmp_path: Path, chatty: tuple[str, ...]) -> None:
    log = tmp_path / "log"
    with start("--debug", f"--log={log}", *chatty) as wire:
        answers = provoke_everything(wire)
        assert wire.shutdown() == 0
        assert all(QUOTE not in str(answer) for answer in answers)
        logged = log.read_text()
        assert "internal error in textDocument/hover: ValueError at" in logged
        assert "demo_server.py" in logged
        for leak in (QUOTE, "Geheimnis"):
            assert leak not in logged
            assert leak not in wire.stderr


def test_no_pop_ups(demo: Wire) -> None:
    demo.notify("textDocument/didChange", {"textDocument": {"uri": "demo:no"}})
    demo.notify("textDocument/didOpen", {})
    demo.request("textDocument/hover", POSITION)
    demo.result("demo/echo", 1)
    assert demo.quiet(0.1)


def test_a_standard_error_that_nobody_reads_holds_nothing_up(start: Start) -> None:
    """More log lines than a pipe takes."""
    process = subprocess.Popen(
        python(DEMO, "--debug"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with Wire(process) as wire:
        wire.initialize()
        wire.send(*({"method": "textDocument/didOpen", "params": {}} for _ in range(5000)))
        assert wire.result("demo/echo", 1) == 1
