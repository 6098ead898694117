"""What tells that a file is still the one that was read."""

from __future__ import annotations

import os
from typing import NamedTuple

SETTLED_NS = 2_000_000_000
"""A file that was written less than this before it was read may be written again with the same
times: file systems keep them in steps of up to two seconds (FAT)."""


class Stamp(NamedTuple):
    """One state of a file."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, state: os.stat_result) -> Stamp:
        """The stamp of what `stat` or `fstat` told."""
        return cls(state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)

    def settled(self, read_at: float) -> bool:
        """Whether a reading at that time (seconds since 1970) can be known by this stamp again."""
        return int(read_at * 1e9) - max(self.mtime_ns, self.ctime_ns) >= SETTLED_NS

    def text(self) -> str:
        """The stamp as the cache keeps it."""
        return "%d:%d:%d:%d:%d" % self  # noqa: UP031 - five times as fast as a format string
