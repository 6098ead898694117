"""What the documents of one run bring in: one resolver and one cache for all of them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from promptls.cache import Cache, Problem
from promptls.references.assembly import make_resolver
from promptls.references.model import Outcome, Request
from promptls.references.policy import AccessPolicy
from promptls.references.resolver import ResolveMany
from promptls.settings import MachineSettings

MEMORY = "memory"
"""The name of the database that keeps nothing."""
_COMPUTING = 2
_WAITING = 8
"""Threads for what computes (files) and for what waits (a network)."""
_BATCH = 64
"""Requests that are answered together: the database is asked once for all of them."""

Result = TypeVar("Result")


class References:
    """Resolves references, of one document after the other; made before the first one is read."""

    def __init__(
        self,
        machine: MachineSettings,
        *,
        trusted: bool,
        database: str | None = None,
        on_problem: Callable[[Problem], None],
    ) -> None:
        """`database` is a URL or MEMORY; None: the one of the machine settings.

        `on_problem` is told, from any thread, of a database that cannot be used.
        """
        url = database or (machine.database.url if machine.database.enabled else MEMORY)
        self._cache = Cache(url, on_problem=on_problem)
        self._policy = AccessPolicy(
            allowed_roots=machine.allowed_roots,
            trusted=trusted,
            network=machine.network,
            hosts=machine.allowed_hosts,
            environment=frozenset(machine.environment),
        )
        self.resolver = make_resolver(lambda: self._policy, self._cache, plugins=machine.plugins)

    def within(self, root: Path | None) -> ResolveMany:
        """What resolves the references of a document that lies in the workspace folder `root`.

        It holds until the next call: no document may bring in the files of another's workspace.
        """
        roots = () if root is None else (root,)
        if roots != self._policy.roots:
            self._policy = replace(self._policy, roots=roots)
        return self._resolve

    def close(self) -> None:
        """Write what is left to the database, for two seconds at most."""
        self._cache.close()

    def _resolve(self, requests: list[Request]) -> list[Outcome]:
        resolver = self.resolver
        slow = [number for number, one in enumerate(requests) if resolver.is_slow(one)]
        fast = [number for number, one in enumerate(requests) if not resolver.is_slow(one)]
        batches = [fast[start : start + _BATCH] for start in range(0, len(fast), _BATCH)]
        fetched = _start([partial(resolver.resolve, requests[number]) for number in slow], _WAITING)
        read = [
            partial(resolver.resolve_many, [requests[number] for number in batch])
            for batch in batches
        ]
        outcomes: dict[int, Outcome] = {}
        for batch, found in zip(batches, _run(read, _COMPUTING), strict=True):
            outcomes.update(zip(batch, found, strict=True))
        outcomes.update(zip(slow, (future.result() for future in fetched), strict=True))
        return [outcomes[number] for number in range(len(requests))]


def _run(calls: Sequence[Callable[[], Result]], threads: int) -> list[Result]:
    """The results of calls, in their order; a single one is made here."""
    if len(calls) < 2:
        return [call() for call in calls]
    return [future.result() for future in _start(calls, threads)]


def _start(calls: Sequence[Callable[[], Result]], threads: int) -> list[Future[Result]]:
    """Make calls on threads that end with the program: an interrupt does not wait for a network."""
    futures: list[Future[Result]] = [Future() for _ in calls]
    waiting = deque(zip(futures, calls, strict=True))

    def work() -> None:
        while waiting:
            try:
                future, call = waiting.popleft()
            except IndexError:  # another thread has taken the last one
                return
            try:
                future.set_result(call())
            except BaseException as error:  # told where the result is asked for
                future.set_exception(error)

    for _ in range(min(threads, len(calls))):
        threading.Thread(target=work, daemon=True).start()
    return futures
