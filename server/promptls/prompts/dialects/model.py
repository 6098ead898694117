"""What tells one dialect of prompt documents from another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The conventions that one tool has for its prompt documents.

    Names, folders and suffixes are in lower case; paths are compared without regard to case.
    """

    name: str
    """As settings, directives and reports spell it."""
    title: str
    """As a reader knows it."""
    file_names: frozenset[str] = frozenset()
    """Whole file names that claim a document wherever it lies."""
    folders: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Folders (`/` between their parts) with the suffixes of the documents they claim, at any
    depth below."""
    suffixes: tuple[str, ...] = ()
    """Endings of file names that claim a document."""
    language_ids: frozenset[str] = frozenset()
    """Language ids under which editors open such documents."""
    role_lines: bool = False
    """`system:`, `user:`, `assistant:` alone on a line begin a message."""
    role_attributes: bool = False
    """A role line may carry attributes: `system[name="guide"]:`."""
    role_helpers: bool = False
    """`{{role "system"}}` begins a message."""
    header_comments: bool = False
    """Blank lines and lines that begin with `#` may stand before the front matter."""
