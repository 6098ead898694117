"""What the system tells of a process: its resident memory, and what it has read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

_PROC = Path("/proc")
_RESET_PEAK = "5"
"""What `clear_refs` takes to begin a new peak of resident memory (proc(5))."""


def require_proc() -> None:
    """Raise NotImplementedError where there is no /proc to read from."""
    if not (_PROC / "self" / "status").exists():
        raise NotImplementedError("resident memory is read from /proc, which only Linux has")


def with_children(pid: int) -> list[int]:
    """List a process and all that it started."""
    found = [pid]
    for file in (_PROC / str(pid) / "task").glob("*/children"):
        for child in file.read_text(encoding="ascii").split():
            found += with_children(int(child))
    return found


def resident(pid: int, field: Literal["VmRSS", "VmHWM"]) -> int:
    """Resident memory in bytes, now (VmRSS) or at its peak (VmHWM), children included."""
    return sum(_size(each, field) for each in with_children(pid))


def begin_peak(pid: int) -> None:
    """Let the peak of resident memory begin anew, at what is resident now."""
    for each in with_children(pid):
        (_PROC / str(each) / "clear_refs").write_text(_RESET_PEAK, encoding="ascii")


def bytes_read(pid: int) -> int:
    """How many bytes a process has read so far: from files, cached or not, and from pipes."""
    return _figure(_PROC / str(pid) / "io", r"rchar: (\d+)")


def _size(pid: int, field: str) -> int:
    return _figure(_PROC / str(pid) / "status", rf"{field}:\s+(\d+) kB") * 1024


def _figure(path: Path, pattern: str) -> int:
    found = re.search(pattern, path.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{path} does not say {pattern!r}")
    return int(found[1])
