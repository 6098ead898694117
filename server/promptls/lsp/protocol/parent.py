"""Waiting for the end of another process, on each system by the means it has."""

from __future__ import annotations

import os
import select
import sys
import threading
import time
from collections.abc import Callable
from typing import Final

POLL_INTERVAL: Final = 1.0
"""Seconds between two looks at the process where the system cannot tell by itself."""

_LARGEST_PID: Final = 0xFFFFFFFF if sys.platform == "win32" else 0x7FFFFFFF


def watch_process(pid: int, on_exit: Callable[[], None]) -> None:
    """Call `on_exit`, in a thread of its own, when the process `pid` is gone.

    A figure that cannot be a process id is not watched.
    """
    if not 0 < pid <= _LARGEST_PID:
        return

    def watch() -> None:
        wait_for_exit(pid)
        on_exit()

    threading.Thread(target=watch, name="promptls-parent", daemon=True).start()


def watch_reader(fd: int, on_gone: Callable[[], None]) -> None:
    """Call `on_gone`, in a thread of its own, when nobody can read any more what `fd` writes.

    Where the system has no `poll`, the next write finds out.
    """
    if sys.platform == "win32" or not hasattr(select, "poll"):
        return

    def watch() -> None:
        poll = select.poll()
        poll.register(fd, 0)  # errors and hang-ups are reported without being asked for
        try:
            poll.poll()
        except OSError:
            return
        on_gone()

    threading.Thread(target=watch, name="promptls-stdout", daemon=True).start()


def wait_for_exit(pid: int) -> None:
    """Return when the process `pid` is gone; at once if there is none."""
    if sys.platform == "win32":
        _wait_on_windows(pid)
        return
    if sys.platform == "linux" and _wait_by_pidfd(pid):
        return
    while _is_alive(pid):
        time.sleep(POLL_INTERVAL)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # not ours to signal, but there
    return True


def _wait_by_pidfd(pid: int) -> bool:
    """Wait by Linux's process descriptors (5.3 and later); False where there are none."""
    if sys.platform != "linux":
        return False
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    try:
        select.select([fd], [], [])
    except (OSError, ValueError):
        return False
    finally:
        os.close(fd)
    return True


def _wait_on_windows(pid: int) -> None:
    """Wait by a process handle; without the right to one, the process is taken to live on."""
    if sys.platform == "win32":
        import ctypes

        synchronize, infinite, invalid_parameter = 0x00100000, 0xFFFFFFFF, 87
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = ctypes.c_void_p
        kernel.WaitForSingleObject.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
        handle = kernel.OpenProcess(synchronize, False, pid)
        if handle:
            kernel.WaitForSingleObject(handle, infinite)
        elif ctypes.get_last_error() != invalid_parameter:
            threading.Event().wait()
