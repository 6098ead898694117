"""The kinds of native references that packages bring, beside our own.

They are known once the user's plugins are loaded, before any document is read, and hold for the
whole process.
"""

from __future__ import annotations

from collections.abc import Iterable

_extra: frozenset[str] = frozenset()


def extra_kinds() -> frozenset[str]:
    """The kinds that packages have brought so far."""
    return _extra


def add_kinds(kinds: Iterable[str]) -> None:
    """Have `@kind:target` be a reference from now on."""
    global _extra
    _extra = _extra.union(kinds)
