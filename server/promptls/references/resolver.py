"""Resolves references: each request goes to the handler of its kind."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from promptls.prompts.references import Reference
from promptls.references.graph import ROOT, EdgeKey, Graph, gather
from promptls.references.model import (
    Content,
    Failed,
    Notice,
    Outcome,
    Reading,
    ReferenceHandler,
    Request,
    Site,
)

logger = logging.getLogger(__name__)

ResolveMany = Callable[[list[Request]], list[Outcome]]


class Resolver:
    """All handlers by their kind. Safe to call from several threads."""

    def __init__(self, handlers: Iterable[ReferenceHandler]) -> None:
        self.handlers: Mapping[str, ReferenceHandler] = {
            handler.kind: handler for handler in handlers
        }

    def is_slow(self, request: Request) -> bool:
        """Whether a request waits for others rather than computing."""
        handler = self.handlers.get(request.kind)
        return handler is not None and handler.slow

    def resolve(self, request: Request) -> Outcome:
        """What becomes of one request; a handler that raises is a failure as any other."""
        handler = self.handlers.get(request.kind)
        if handler is None:
            return Failed(
                Notice(
                    "reference/no-handler",
                    f"Nothing here resolves “{request.kind}”. A package that does has to be named "
                    "in the machine setting `plugins`.",
                )
            )
        try:
            return handler.resolve(request)
        except Exception as error:
            _log(request.kind, error)
            return Failed(
                Notice(
                    "reference/handler-failed",
                    f"The handler of “{request.kind}” failed ({type(error).__name__}); the log "
                    "says more.",
                )
            )

    def resolve_many(self, requests: Sequence[Request]) -> list[Outcome]:
        """What becomes of requests; those of one kind go to its handler together."""
        outcomes: list[Outcome | None] = [None] * len(requests)
        by_kind: dict[str, list[int]] = {}
        for number, request in enumerate(requests):
            by_kind.setdefault(request.kind, []).append(number)
        for kind, numbers in by_kind.items():
            many = getattr(self.handlers.get(kind), "resolve_many", None)
            if many is not None and len(numbers) > 1:
                try:
                    found = many([requests[number] for number in numbers])
                except Exception as error:
                    _log(kind, error)
                else:
                    for number, outcome in zip(numbers, found, strict=True):
                        outcomes[number] = outcome
                    continue
            for number in numbers:
                outcomes[number] = self.resolve(requests[number])
        return [outcome for outcome in outcomes if outcome is not None]

    def text(self, content: Content, request: Request) -> str | None:
        """The text of a content that a request brought in; None when it is another by now."""
        handler = self.handlers.get(request.kind)
        return None if handler is None else handler.text(content, request)

    def invalidate(self, keys: frozenset[str] | None = None) -> None:
        """Forget what is held in memory, of these keys or of all."""
        for handler in self.handlers.values():
            handler.invalidate(keys)


def _log(kind: str, error: Exception) -> None:
    """Say where a handler failed; what the error says may hold prompt text."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    name = type(error).__name__
    logger.error("a handler of %s failed: %s in %s:%s", kind, name, place.filename, place.lineno)


def root_key(path: Path | None) -> str:
    """The key of a document itself, as the file handler makes it of a file."""
    if path is None:
        return ROOT
    from promptls.references.files.uris import file_key

    return file_key(os.path.realpath(path))


def resolve_all(
    references: Iterable[Reference],
    site: Site,
    reading: Reading,
    resolve_many: ResolveMany,
    depth: int,
    known: dict[EdgeKey, Outcome] | None = None,
) -> Graph:
    """Find everything that a document brings in, here and now."""
    steps = gather(root_key(site.path), references, site, reading, known or {}, depth)
    try:
        wanted = next(steps)
        while True:
            wanted = steps.send(resolve_many([request for _, request in wanted]))
    except StopIteration as end:
        graph: Graph = end.value
        return graph
