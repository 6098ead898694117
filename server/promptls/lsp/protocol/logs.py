"""Logs that cannot hold prompt text, and that cannot hold the server up.

pygls and asyncio put parameters, messages and reprs into their records, so that nothing of theirs
is let out; what matters is logged by this package, without text.
"""

from __future__ import annotations

import logging
import select
import sys
import threading
import traceback
from pathlib import Path
from typing import Final

SILENCED: Final = ("pygls", "asyncio", "concurrent.futures")

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_RECORD_LIMIT = 4000  # bytes; a writable pipe takes 4096 (PIPE_BUF) without blocking

logger = logging.getLogger(__name__)


class StderrHandler(logging.Handler):
    """Writes to standard error, and drops records while nobody reads it."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record if that cannot block."""
        try:
            line = self.format(record).encode("utf-8", "backslashreplace")[:_RECORD_LIMIT]
            stream = sys.stderr
            if sys.platform != "win32" and not select.select([], [stream], [], 0)[1]:
                return
            stream.write(line.decode("utf-8", "replace") + "\n")
            stream.flush()
        except (OSError, ValueError, AttributeError):
            return  # standard error is closed: there is nobody to tell


def configure(log_file: Path | None = None, level: int = logging.WARNING) -> None:
    """Send log records of `level` and above to `log_file`, or else to standard error.

    Raises OSError where the file cannot be opened.
    """
    handler: logging.Handler
    handler = StderrHandler() if log_file is None else logging.FileHandler(log_file, "a", "utf-8")
    handler.setFormatter(logging.Formatter(_FORMAT))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)


def silence_libraries() -> None:
    """Keep records of pygls, asyncio and concurrent.futures from every handler, at any level."""
    for name in SILENCED:
        library = logging.getLogger(name)
        library.handlers[:] = [logging.NullHandler()]
        library.propagate = False
    threading.excepthook = _log_thread_exception


def describe(error: BaseException) -> str:
    """Say where and of which type an exception is, never its text, which may quote a prompt."""
    frames = traceback.walk_tb(error.__traceback__)
    places = [
        f"{Path(frame.f_code.co_filename).name}:{line} {frame.f_code.co_name}"
        for frame, line in frames
    ]
    return f"{type(error).__qualname__} at {' > '.join(places) or 'an unknown place'}"


def _log_thread_exception(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and args.exc_type is not SystemExit:
        name = args.thread.name if args.thread else "a thread"
        logger.error("%s died: %s", name, describe(args.exc_value))
