"""Has the C library give memory back: a server runs for days."""

from __future__ import annotations

import sys

_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
"""Parameters of glibc's `mallopt` (malloc.h)."""
_THRESHOLD = 128 * 1024
"""Bytes; glibc's own first value, which it otherwise raises to 32 MB as large blocks are freed."""


def give_memory_back() -> None:
    """Keep the thresholds where they are, so that large blocks are returned when they are freed.

    Reading a file of 200 MB in pieces otherwise leaves some 30 MB behind. Does nothing where there
    is no glibc.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return
    mallopt(_M_MMAP_THRESHOLD, _THRESHOLD)
    mallopt(_M_TRIM_THRESHOLD, _THRESHOLD)
