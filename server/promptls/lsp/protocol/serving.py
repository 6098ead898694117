"""Starts a server on standard input and output, or on a socket, and sees it to its end."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from promptls.lsp.protocol.lifecycle import Ending
from promptls.lsp.protocol.logs import describe, silence_libraries
from promptls.lsp.protocol.parent import watch_process, watch_reader
from promptls.lsp.protocol.server import HardenedServer
from promptls.lsp.protocol.signals import ended_by_signals
from promptls.lsp.protocol.sockets import RemoteAddressError, accept_client
from promptls.lsp.protocol.transport import Inbox, Outbox, claim_stdio, descriptor_writer

SWITCH_INTERVAL: Final = 0.0005
"""Seconds that a thread of Python code may keep the reader and the loop waiting (Python: 0.005);
a message changes threads a few times, and each time may wait as long."""

FAREWELL: Final = 0.2
"""Seconds that cancelled tasks get at the end."""

USAGE_ERROR: Final = 2

logger = logging.getLogger(__name__)


def serve_stdio(server: HardenedServer) -> int:
    """Serve the client on standard input and output until it leaves; gives the exit code.

    The code is 0 if the client asked for `shutdown`, else 1. From the end on, a watchdog gives
    the caller half a second to leave the process. Standard output belongs to the protocol from
    now on; whatever prints goes to standard error.
    """
    input_fd, output_fd = claim_stdio()
    return _serve(
        server,
        partial(os.read, input_fd),
        descriptor_writer(output_fd),
        on_start=lambda ending: watch_reader(
            output_fd, lambda: ending.end("the client no longer reads")
        ),
        on_process_id=lambda ending, pid: watch_process(
            pid, lambda: ending.end("the parent process is gone")
        ),
    )


def serve_tcp(server: HardenedServer, host: str, port: int, allow_remote: bool = False) -> int:
    """Serve one client on a socket until it leaves; gives the exit code, as `serve_stdio` does.

    Writes `listening on HOST:PORT` with the port really bound to standard error. An address that
    other machines can reach is refused (exit code 2) unless `allow_remote`.
    """
    try:
        connection = accept_client(host, port, allow_remote)
    except (RemoteAddressError, OSError) as error:
        sys.stderr.write(f"promptls: cannot listen on {host}:{port}: {error}\n")
        return USAGE_ERROR
    except KeyboardInterrupt:
        return 1
    sys.stdout = sys.stderr
    with connection:
        return _serve(server, connection.recv, connection.sendall)


def _serve(
    server: HardenedServer,
    read: Callable[[int], bytes],
    write: Callable[[bytes], None],
    on_start: Callable[[Ending], None] | None = None,
    on_process_id: Callable[[Ending, int], None] | None = None,
) -> int:
    silence_libraries()
    sys.setswitchinterval(SWITCH_INTERVAL)
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(_log_loop_exception)
    asyncio.set_event_loop(loop)
    ending = Ending(loop)
    protocol = server.protocol
    protocol.connect(
        Outbox(write, loop, ending),
        ending,
        partial(on_process_id, ending) if on_process_id is not None else None,
    )
    inbox = Inbox(read, protocol.receive, loop, ending, protocol.cancelled)
    with ended_by_signals(ending):
        inbox.start()
        if on_start is not None:
            on_start(ending)
        loop.run_until_complete(ending.reached)
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        if tasks:
            loop.run_until_complete(asyncio.wait(tasks, timeout=FAREWELL))
    loop.close()
    return ending.code


def _log_loop_exception(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    what = describe(error) if isinstance(error, BaseException) else "no exception"
    logger.error("unhandled on the loop: %s", what)
