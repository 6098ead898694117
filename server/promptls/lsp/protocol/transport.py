"""Between the bytes and the loop: a thread that reads, and an outbox that writes."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from promptls.lsp.protocol.framing import Desync, FrameDecoder
from promptls.lsp.protocol.lifecycle import Ending
from promptls.lsp.protocol.messages import OUT_OF_STEP, UNREADABLE, Incoming, decode

READ_SIZE: Final = 1 << 16
"""Bytes asked for at a time: what a pipe holds on Linux. Asking for more only allocates more."""

TURN: Final = 64
"""Messages handled before tasks and timers get their turn."""


class Inbox:
    """Reads and decodes messages in a thread of its own and hands them to the loop in order.

    The loop is woken once for all that has come in since it last looked. What cannot wait for the
    loop is noticed here: cancellation, `shutdown`, `exit`, and the end of the input.
    """

    def __init__(
        self,
        read: Callable[[int], bytes],
        receive: Callable[[Incoming], None],
        loop: asyncio.AbstractEventLoop,
        ending: Ending,
        cancelled: set[Any],
    ) -> None:
        self._read = read
        self._receive = receive
        self._loop = loop
        self._ending = ending
        self._cancelled = cancelled
        self._queue: deque[Incoming | None] = deque()  # None: the input has ended
        self._awake = False

    def start(self) -> None:
        """Begin to read; call it once."""
        threading.Thread(target=self._run, name="promptls-reader", daemon=True).start()

    def _run(self) -> None:
        decoder = FrameDecoder()
        while True:
            try:
                data = self._read(READ_SIZE)
            except OSError:
                data = b""
            if not data:
                break
            decoder.feed(data)
            while self._take(decoder):
                pass
            if self._queue:
                self._wake()
        self._ending.arm("the input has ended")
        self._queue.append(None)
        self._wake()

    def _take(self, decoder: FrameDecoder) -> bool:
        """Queue the decoder's next message; False when it needs more bytes."""
        body = decoder.next()
        if body is None:
            return False
        if isinstance(body, Desync):
            self._queue.append(OUT_OF_STEP)
            return True
        try:
            text = str(body, "utf-8")
        except UnicodeDecodeError:
            decoder.reject(body)
            self._queue.append(UNREADABLE)
            return True
        del body  # ten megabytes need not be there twice while they are decoded
        message = decode(text)
        if type(message) is dict:
            method = message.get("method")
            if method == "$/cancelRequest":
                self._note_cancel(message.get("params"))
            elif method == "shutdown" and "id" in message:
                self._ending.shutdown_seen = True
            elif method == "exit":
                self._ending.arm("exit")
        elif message is UNREADABLE:
            decoder.reject(text.encode())
        self._queue.append(message)
        return True

    def _note_cancel(self, params: object) -> None:
        id_ = params.get("id") if type(params) is dict else None
        if type(id_) in (int, str, float):
            self._cancelled.add(id_)

    def _wake(self) -> None:
        if self._awake:
            return
        self._awake = True
        try:
            self._loop.call_soon_threadsafe(self._drain)
        except RuntimeError:
            return  # the loop is closed: the end is under way

    def _drain(self) -> None:
        # The flag falls before the queue is looked at, so that no message can be overlooked.
        self._awake = False
        queue, receive = self._queue, self._receive
        for _ in range(TURN):
            try:
                message = queue.popleft()
            except IndexError:
                return
            if message is None:
                self._ending.stop()
                return
            receive(message)
        if queue:
            self._awake = True
            self._loop.call_soon(self._drain)


class Outbox:
    """Writes framed messages; whole ones, in order, from the loop's thread."""

    def __init__(
        self,
        write: Callable[[bytes], None],
        loop: asyncio.AbstractEventLoop,
        ending: Ending,
    ) -> None:
        self._write = write
        self._loop = loop
        self._ending = ending
        self._thread = threading.get_ident()
        self._broken = False

    def send(self, body: bytes) -> None:
        """Write one message; another thread's call is handed to the loop."""
        if threading.get_ident() != self._thread:
            self._loop.call_soon_threadsafe(self.send, body)
            return
        if self._broken:
            return
        try:
            self._write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        except OSError:
            self._broken = True
            self._ending.end("the client no longer reads")


def descriptor_writer(fd: int) -> Callable[[bytes], None]:
    """Give a function that writes all of its bytes to `fd`."""

    def write(data: bytes) -> None:
        written = os.write(fd, data)
        if written < len(data):
            rest = memoryview(data)[written:]
            while rest:
                rest = rest[os.write(fd, rest) :]

    return write


def claim_stdio() -> tuple[int, int]:
    """Take standard input and output for the protocol alone.

    Gives the two descriptors. Afterwards whatever prints, in this process or a child, writes to
    standard error, and whatever reads standard input finds it empty.
    """
    input_fd, output_fd = os.dup(0), os.dup(1)
    empty = os.open(os.devnull, os.O_RDWR)
    os.dup2(empty, 0)
    try:
        os.dup2(2, 1)
    except OSError:
        os.dup2(empty, 1)  # started without a standard error
    os.close(empty)
    sys.stdout = sys.stderr
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(input_fd, os.O_BINARY)
        msvcrt.setmode(output_fd, os.O_BINARY)
    return input_fd, output_fd
