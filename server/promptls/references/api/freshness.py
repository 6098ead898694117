"""How long an answer holds by its own headers (RFC 9111), and when to ask a busy source again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from promptls.references.api.model import Storage

DEFAULT_LIFETIME = 300.0
"""Seconds that an answer is fresh that says nothing about it."""
MAX_LIFETIME = 30 * 86_400.0
"""Seconds; what claims to hold longer is confirmed once a month all the same."""
MAX_RETRY_AFTER = 86_400.0
"""Seconds; a source that asks for more is asked again after a day."""

_DIRECTIVE = re.compile(r'([^\s,;="]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,;"]*)))?')


class Lifetime(NamedTuple):
    """What an answer's headers say about keeping it."""

    expires_at: float
    """Seconds since 1970."""
    storage: Storage


def lifetime_of(headers: Mapping[str, str], now: float) -> Lifetime:
    """Read Cache-Control, Age, Expires and Date; names of headers are in lower case.

    The cache is its user's own, so `s-maxage` is not for it. `no-cache` and `no-store` mean that
    it expires at once. The last good answer stands in for a source that is down whatever they say
    (`must-revalidate` too), and is marked as stale then.
    """
    directives = {
        match[1].lower(): match[2] if match[2] is not None else match[3] or ""
        for match in _DIRECTIVE.finditer(headers.get("cache-control", ""))
    }
    if "no-store" in directives:
        return Lifetime(now, "nowhere")
    storage: Storage = "private" if "private" in directives else "anywhere"
    return Lifetime(now + min(_seconds(directives, headers, now), MAX_LIFETIME), storage)


def _seconds(directives: Mapping[str, str], headers: Mapping[str, str], now: float) -> float:
    if "no-cache" in directives:
        return 0.0
    if "max-age" in directives:
        # What cannot be read is stale (RFC 9111, 4.2.1).
        return max(0.0, (_whole(directives["max-age"]) or 0) - (_whole(headers.get("age")) or 0))
    expires = headers.get("expires")
    if expires is not None:
        until = _moment(expires)
        sent = _moment(headers.get("date", ""))
        return 0.0 if until is None else max(0.0, until - (now if sent is None else sent))
    return DEFAULT_LIFETIME


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that a source asks us to wait (a number or an HTTP date), or None."""
    value = headers.get("retry-after", "").strip()
    seconds: float | None = _whole(value)
    if seconds is None:
        until = _moment(value)
        seconds = None if until is None else max(0.0, until - now)
    return None if seconds is None else min(seconds, MAX_RETRY_AFTER)


def _whole(value: str | None) -> int | None:
    if value is None or not value.strip().isdecimal():
        return None
    return int(value.strip()[:12])


def _moment(value: str) -> float | None:
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
