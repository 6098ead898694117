"""Ends the server when the system or a person at the terminal asks for it."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from promptls.lsp.protocol.lifecycle import Ending

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def ended_by_signals(ending: Ending) -> Iterator[None]:
    """Have SIGTERM and SIGINT end the server; signals can be caught in the main thread only.

    A thread of our own hears of them through Python's wake-up descriptor. A handler would run in
    the main thread between two steps of Python code, so that a busy or sleeping one is late.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    receiver, sender = socket.socketpair()
    sender.setblocking(False)  # as `set_wakeup_fd` demands

    def listen() -> None:
        number = receiver.recv(1)
        if number:
            ending.end(signal.Signals(number[0]).name)

    wakeup_before = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
    before = {number: signal.signal(number, lambda *_: None) for number in SIGNALS}
    listener = threading.Thread(target=listen, name="promptls-signals", daemon=True)
    listener.start()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wakeup_before)
        sender.close()
        listener.join()
        receiver.close()
