"""The bytes of one settings file, and what tells whether it has changed. Nothing here raises."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import NamedTuple

PROMPTLS_TOML = "promptls.toml"
PYPROJECT_TOML = "pyproject.toml"

MAX_BYTES = 1_000_000
"""A larger settings file is a mistake, or meant to do harm."""

_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Stamp(NamedTuple):
    """Tells one state of a file from another."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int


class Unreadable(NamedTuple):
    """Why a file cannot be read."""

    reason: str


def stamp_of(path: Path) -> Stamp | Unreadable | None:
    """Look up the state of a file; None when there is no such file."""
    try:
        state = path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return None
        return Unreadable(error.strerror or type(error).__name__)
    return Stamp(state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)


def read_bytes(path: Path) -> bytes | Unreadable | None:
    """Read a regular file of at most `MAX_BYTES` bytes; None when there is no file.

    A pipe or device of that name is not opened for good: reading it could wait for ever.
    """
    try:
        handle = os.open(path, _OPEN_FLAGS)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return Unreadable("it is not a regular file")
            with os.fdopen(handle, "rb", closefd=False) as file:
                data = file.read(MAX_BYTES + 1)
        finally:
            os.close(handle)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return Unreadable(error.strerror or type(error).__name__)
    return data if len(data) <= MAX_BYTES else Unreadable(f"it has more than {MAX_BYTES:,} bytes")


def same_file(one: Stamp | Unreadable, other: Stamp | Unreadable | None) -> bool:
    """Tell whether two states are of one file, whatever its names."""
    return isinstance(one, Stamp) and isinstance(other, Stamp) and one[:2] == other[:2]
