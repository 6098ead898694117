"""What tells one dialect of prompt documents from another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PathRule = Literal["native", "importing-file", "workspace", "prompt-file", "partials"]
"""How the paths of a dialect's own forms are looked up.

- `native`: `./x`, `../x` and `x` from the folder of the file they stand in, a bare `x` then from
  the workspace folder; `/x` from the workspace folder alone.
- `importing-file`: from the folder of the file they stand in; `~/x` from the home folder, `/x`
  from the root of the file system.
- `workspace`: from the workspace folder, whatever file they stand in.
- `prompt-file`: from the folder of the file they stand in; `/x` from the workspace folder.
- `partials`: `name` is `_name.prompt` in the folder of the file it stands in.

A `native` reference (`@file:…`) goes by `native` in every dialect.
"""

NATIVE_DEPTH = 64
"""Levels of imports in dialects that set no limit themselves."""


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
    forms: tuple[str, ...] = ()
    """The forms of references that the tool loads, by name (`prompts.references.forms`); the
    native ones are read in every dialect."""
    command_forms: tuple[str, ...] = ()
    """Further forms that it loads in its commands, files below a folder `commands`
    (`registry.at_place`)."""
    foreign_forms: tuple[str, ...] = ("at-import", "hash-file")
    """Forms of other tools that a reader may expect to be loaded; told, unless in `forms`."""
    paths: PathRule = "native"
    depth: int = NATIVE_DEPTH
    """Levels of files that are put in, the document's own imports being the first."""
    transitive: bool = True
    """Whether references in imported files are followed; if not, `depth` is 1."""
    repeats: Literal["each", "once"] = "each"
    """Whether a content that several references bring in is put in at each of them, or only at
    the first."""
