"""The real path of an open file, as the system itself tells it.

A path that was checked may lead elsewhere by the time it is opened; a descriptor may not.
"""

from __future__ import annotations

import os
import sys


def real_path_of(handle: int, path: str, state: os.stat_result) -> str | None:
    """The path of an open file with all links followed; None where it cannot be told.

    `path` is the name that it was opened by, `state` what `fstat` told of it.
    """
    try:
        real = _ask_system(handle, path)
        if real is not None and not _is_doubtful(real):
            return real
        real = os.path.realpath(path) if real is None else real
        found = os.lstat(real)
    except (OSError, ValueError):
        return None
    return real if (found.st_dev, found.st_ino) == (state.st_dev, state.st_ino) else None


def _is_doubtful(real: str) -> bool:
    # Linux says so of a file that was removed; a file may also really be called that.
    return real.endswith(" (deleted)") or not os.path.isabs(real)  # noqa: PTH117


if sys.platform == "linux":

    def _ask_system(handle: int, path: str) -> str | None:
        try:
            return os.readlink(f"/proc/self/fd/{handle}")  # noqa: PTH115 - a Path costs more
        except OSError:  # no /proc here
            return None

elif sys.platform == "darwin":

    def _ask_system(handle: int, path: str) -> str | None:
        import fcntl

        answer = fcntl.fcntl(handle, fcntl.F_GETPATH, b"\0" * 1024)
        return os.fsdecode(answer.rstrip(b"\0"))

elif sys.platform == "win32":

    def _ask_system(handle: int, path: str) -> str | None:
        import ctypes
        import msvcrt
        from ctypes import wintypes

        ask = ctypes.WinDLL("kernel32", use_last_error=True).GetFinalPathNameByHandleW
        ask.argtypes = (wintypes.HANDLE, wintypes.LPWSTR, wintypes.DWORD, wintypes.DWORD)
        ask.restype = wintypes.DWORD
        answer = ctypes.create_unicode_buffer(32_768)
        if not ask(msvcrt.get_osfhandle(handle), answer, len(answer), 0):
            raise ctypes.WinError(ctypes.get_last_error())
        # `\\?\C:\x` and `\\?\UNC\server\x` are `C:\x` and `\\server\x`.
        real = answer.value
        if real.startswith("\\\\?\\UNC\\"):
            return "\\" + real[7:]
        return real.removeprefix("\\\\?\\")

else:

    def _ask_system(handle: int, path: str) -> str | None:
        return None
