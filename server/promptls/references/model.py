"""What travels between handlers and the resolver: requests, contents, outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from promptls.prompts.dialects.model import Dialect
from promptls.prompts.references.model import NO_OPTIONS, Options, Reference
from promptls.settings.fetching import EndpointSettings, TtlRule
from promptls.tokens.engine import Engine
from promptls.tokens.measure import Measure

Level = Literal["memory", "database", "source", "editor"]
"""Where a content was found."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A reference inside a content, with where it stands."""

    reference: Reference
    line: int
    """Counted from 0."""
    offset: int = 0
    """Characters of the content before it."""


Part = Measure | Embedded


@dataclass(frozen=True, slots=True)
class Content:
    """One thing that was brought in: a file, an answer, a value.

    `parts` are measures of literal text and the references between them, in order; a content that
    is not read for references has one measure. A BOM and one final newline are not part of it.
    """

    key: str
    """What it is, for cycles and equality: file key, `api:…`, `var:…`; with `lines` where cut."""
    name: str
    """What a reader calls it: a path relative to the workspace, an endpoint, a variable."""
    hash: str
    """BLAKE2b-128 of the text in UTF-8, in hexadecimal."""
    parts: tuple[Part, ...]
    size: int
    """Bytes of the text in UTF-8."""
    path: Path | None = None
    """The real path of a file: what references inside of it are relative to."""
    uri: str | None = None
    level: Level = "source"
    fetched_at: float | None = None
    """Seconds since 1970 when it was read or fetched from its source."""
    stale: bool = False
    """The source is down and this is its last good answer."""
    notices: tuple[Notice, ...] = ()
    secret: bool = False
    """The text is not to be shown."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something worth telling about a reference whether it resolved or not."""

    code: str
    message: str
    replacements: tuple[str, ...] = ()
    """Targets to write instead, the best first."""


@dataclass(frozen=True, slots=True)
class Found:
    """The contents that a reference brings in: one, or all files of a glob or folder in order."""

    contents: tuple[Content, ...]
    many: bool = False
    """A glob or folder, that files may be added to, however many there are now."""


@dataclass(frozen=True, slots=True)
class NotFound:
    """There is nothing of that name. A candidate is no reference then."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class Failed:
    """It is there, but it cannot be brought in (unreadable, an error of the source)."""

    notice: Notice
    retry_at: float | None = None
    """Seconds since 1970 when the source is asked again by itself."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """The user has not allowed it."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class Deferred:
    """Known only at run time; it counts as nothing."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """It is under way; no handler answers so, but those who do not wait for it."""


Outcome = Found | NotFound | Failed | Blocked | Deferred | Awaited


@dataclass(frozen=True, slots=True)
class Reading:
    """In what contents are measured, and how they are read for references."""

    engine: Engine
    dialect: Dialect | None
    """None: the content is not read for references."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where references stand: the file that holds them, its workspace, what it declares."""

    path: Path | None
    """The real path of the file; None for a document that was never saved."""
    root: Path | None
    """The workspace folder."""
    dialect: Dialect
    samples: Mapping[str, str] = field(default_factory=dict)
    """Front matter samples and inputs of the *document* (not of imported files)."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """`[vars]` of the settings."""
    variable_files: tuple[Path, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    endpoints: Mapping[str, EndpointSettings] = field(default_factory=dict)
    ttl_rules: tuple[TtlRule, ...] = ()
    """How long answers stay fresh, by address; the first that matches."""
    file_bytes: int | None = None
    """Bytes that a file may have; None: the handler's own limit."""
    max_files: int | None = None
    """Files that a glob or folder may bring in; None: the handler's own limit."""


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to resolve."""

    kind: str
    target: str
    site: Site
    reading: Reading
    options: Options = NO_OPTIONS
    certain: bool = True
    form: str = ""
    """The form that it is written in (`Reference.form`)."""


class ReferenceHandler(Protocol):
    """Brings in one kind of reference. Safe to call from several threads.

    A package offers one under the entry point group `promptls.references`: a callable that takes
    nothing and returns a handler. It is loaded only when the machine setting `plugins` names it.
    """

    kind: str
    slow: bool
    """Whether resolving waits for others (a network) rather than computing."""

    def resolve(self, request: Request) -> Outcome:
        """Bring in the content; whatever goes wrong is an outcome, not an exception."""

    def text(self, content: Content, request: Request) -> str | None:
        """The text of a content that `resolve` gave; None when it is not that text any more."""

    def invalidate(self, keys: frozenset[str] | None) -> None:
        """Forget what is held in memory, of these keys or of all."""


Clock = Callable[[], float]
"""Seconds since 1970."""
