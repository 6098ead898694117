"""Asks again while a source is down or busy, within the time that its user gives it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from promptls.references.api.model import Answer, Query, Reply, Trouble
from promptls.references.api.network import Network
from promptls.references.policy import Refusal

TRIES = 3
MAX_PAUSE = 3.0
"""Seconds that a worker waits for a source that asks for it; for more, it is asked again later."""
_FIRST_PAUSE = 0.3
"""Seconds before the second try, at most; twice as much before the third."""


def ask(
    query: Query,
    hosts: Sequence[str],
    network: Network,
    known: Answer | None,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> Reply | Trouble | Refusal:
    """Ask a source, up to three times. The endpoint's timeout is for all of it together.

    Pauses grow exponentially with full jitter, so that many who were turned away at one moment do
    not come back at one moment. `Retry-After` takes their place.
    """
    from promptls.references.api.exchange import exchange  # imports httpx2

    deadline = time.monotonic() + query.timeout
    tried = 1
    while True:
        result = exchange(query, hosts, network, known, deadline, clock)
        if not isinstance(result, Trouble):
            return result
        result = replace(result, tries=tried)
        if result.retry_after is None:
            pause = random.uniform(0, _FIRST_PAUSE * 2 ** (tried - 1))  # noqa: S311 - no secret
        else:
            pause = result.retry_after
        if not result.passing or tried == TRIES or pause > MAX_PAUSE:
            return result
        if time.monotonic() + pause >= deadline:
            return result
        sleep(pause)
        tried += 1
