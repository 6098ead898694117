"""How a server process ends: always, soon, and with the right code."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable

import pytest
from tests.lsp.protocol.conftest import DEMO, Start
from tests.lsp.wire import Wire, frame, python

SOON = 5.0
"""Seconds: the server promises about one; a busy machine gets more."""

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and pipes")


def idle(_wire: Wire) -> None:
    pass


def busy_loop(wire: Wire) -> None:
    wire.start_request("demo/block", {"seconds": 120})


def busy_worker(wire: Wire) -> None:
    wire.request("demo/spin")


def waiting_task(wire: Wire) -> None:
    wire.start_request("demo/wait", {"seconds": 120})


def end_of_input(wire: Wire) -> None:
    wire.close_input()


def leave(wire: Wire) -> None:
    wire.notify("exit")


def terminate(wire: Wire) -> None:
    wire.process.terminate()


def interrupt(wire: Wire) -> None:
    wire.process.send_signal(signal.SIGINT)


work = pytest.mark.parametrize("work", [idle, busy_loop, busy_worker, waiting_task])


@work
@pytest.mark.parametrize("end", [end_of_input, leave, terminate, interrupt])
def test_without_shutdown_the_code_is_1(
    demo: Wire, work: Callable[[Wire], None], end: Callable[[Wire], None]
) -> None:
    work(demo)
    end(demo)
    assert demo.exit_code(SOON) == 1


@work
@pytest.mark.parametrize("end", [end_of_input, leave, terminate])
def test_after_shutdown_the_code_is_0(
    demo: Wire, work: Callable[[Wire], None], end: Callable[[Wire], None]
) -> None:
    work(demo)
    demo.start_request("shutdown")
    if work is not busy_loop:
        demo.recv()
    end(demo)
    if end is not terminate or work is not busy_loop:
        assert demo.exit_code(SOON) == 0
    else:
        assert demo.exit_code(SOON) in (0, 1)  # it may outrun the request


@posix
@pytest.mark.parametrize("busy", [False, True])
def test_nobody_reads_the_output(busy: bool) -> None:
    """Noticed without a write of the server's own, while its input stays open."""
    server = subprocess.Popen(
        python(DEMO), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert server.stdin is not None
    assert server.stdout is not None
    with server, server.stdin:
        params: dict[str, object] = {"processId": None, "capabilities": {}}
        server.stdin.write(frame({"id": 1, "method": "initialize", "params": params}))
        server.stdin.flush()
        assert server.stdout.readline().startswith(b"Content-Length")
        if busy:
            block = {"id": 2, "method": "demo/block", "params": {"seconds": 120}}
            server.stdin.write(frame(block))
            server.stdin.flush()
        server.stdout.close()
        assert server.wait(SOON) == 1


def test_exit_before_initialize(start: Start) -> None:
    with start() as wire:
        wire.notify("exit")
        assert wire.exit_code(SOON) == 1


def test_all_at_once_as_from_a_file(start: Start) -> None:
    with start() as wire:
        wire.send(
            {"id": 1, "method": "initialize", "params": {"processId": None, "capabilities": {}}},
            {"method": "initialized", "params": {}},
            {"id": 2, "method": "demo/echo", "params": "x"},
            {"id": 3, "method": "shutdown"},
            {"method": "exit"},
        )
        wire.close_input()
        assert wire.response(2)["result"] == "x"
        assert wire.response(3)["result"] is None
        assert wire.exit_code(SOON) == 0


@work
def test_the_parent_dies(start: Start, work: Callable[[Wire], None]) -> None:
    parent = subprocess.Popen(python("-c", "input()"), stdin=subprocess.PIPE)
    with start() as wire:
        wire.initialize(processId=parent.pid)
        work(wire)
        assert wire.process.poll() is None
        parent.kill()
        parent.wait()
        assert wire.exit_code(SOON) == 1


def test_the_parent_is_dead_already(start: Start) -> None:
    parent = subprocess.Popen(python("-c", ""))
    parent.wait()
    with start() as wire:
        wire.initialize(processId=parent.pid)
        assert wire.exit_code(SOON) == 1


@pytest.mark.parametrize("pid", [0, -1, 2**31 - 1 + 2**40])
def test_a_process_id_that_is_none(start: Start, pid: int) -> None:
    with start() as wire:
        response = wire.request("initialize", {"processId": pid, "capabilities": {}})
        assert "result" in response or response["error"]["code"] == -32602


def test_prints_go_to_standard_error(demo: Wire) -> None:
    demo.result("demo/print", "Content-Length: 5\r\n\r\nnoise\n")
    assert demo.result("demo/echo", 1) == 1
    assert "noise" in demo.stderr
