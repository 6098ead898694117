"""Requests as the resolver makes them, for tests of the file handler."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.oracles.reference_encodings import tiktoken_engine

from promptls.cache import Cache
from promptls.prompts.dialects import DIALECTS
from promptls.prompts.references.model import Options
from promptls.references.files.handler import FileHandler
from promptls.references.files.locating import OpenDocuments
from promptls.references.model import (
    Blocked,
    Content,
    Embedded,
    Failed,
    Found,
    NotFound,
    Outcome,
    Reading,
    Request,
    Site,
)
from promptls.references.policy import AccessPolicy
from promptls.tokens.measure import Measure, join, total

ENGINE = tiktoken_engine("cl100k_base")


def later() -> float:
    """A clock by which everything was written long ago."""
    return time.time() + 60


def handler(
    *roots: Path,
    cache: Cache | None = None,
    open_documents: OpenDocuments | None = None,
    policy: AccessPolicy | None = None,
    clock: Callable[[], float] = later,
    max_bytes: int = 64 << 20,
    max_files: int = 1_000,
) -> FileHandler:
    policy = policy or AccessPolicy(roots)
    return FileHandler(
        lambda: policy,
        cache,
        open_documents,
        clock=clock,
        max_bytes=max_bytes,
        max_files=max_files,
    )


def request(
    target: str,
    root: Path | None,
    *,
    path: Path | None = None,
    dialect: str = "markdown",
    lines: tuple[int, int | None] | None = None,
    form: str = "native",
    certain: bool = True,
    aliases: Mapping[str, str] | None = None,
    reads: bool = True,
) -> Request:
    if path is None and root is not None:
        path = root / "prompt.md"
    site = Site(path, root, DIALECTS[dialect], aliases=aliases or {})
    reading = Reading(ENGINE, DIALECTS[dialect] if reads else None)
    return Request("file", target, site, reading, Options(lines=lines), certain, form)


def content(outcome: Outcome) -> Content:
    assert isinstance(outcome, Found), outcome
    assert len(outcome.contents) == 1
    return outcome.contents[0]


def names(outcome: Outcome) -> list[str]:
    assert isinstance(outcome, Found), outcome
    return [one.name for one in outcome.contents]


def code(outcome: Outcome) -> str:
    """The code of what is no content; "" for what is."""
    if isinstance(outcome, NotFound | Failed | Blocked):
        return outcome.notice.code
    assert isinstance(outcome, Found), outcome
    return ""


def tokens(one: Content) -> int:
    """Tokens of a content as it stands."""
    parts = [
        Measure(part.reference.text, None, "", len(part.reference.text.encode()))
        if isinstance(part, Embedded)
        else part
        for part in one.parts
    ]
    return total(join(parts, ENGINE), ENGINE)
