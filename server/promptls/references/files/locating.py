"""From requests to the files that they name: which they are, and in what state."""

from __future__ import annotations

import os
from collections.abc import Hashable
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import NamedTuple, Protocol

from promptls.prompts.dialects import Dialect, is_prompt_path
from promptls.references.files.contents import Lines, content_of_text
from promptls.references.files.failures import (
    UnusableError,
    shown,
    too_large,
    uncounted,
    unreadable,
    unusable,
)
from promptls.references.files.listing import Pattern, list_files
from promptls.references.files.lookup import Ground, home_of, is_native, paths_of, root_of
from promptls.references.files.opening import Folder, Opened, open_checked
from promptls.references.files.stamps import Stamp
from promptls.references.files.suggesting import nearest_targets
from promptls.references.model import (
    Blocked,
    Content,
    Failed,
    NotFound,
    Notice,
    Reading,
    Request,
    Site,
)
from promptls.references.policy import AccessPolicy
from promptls.tokens.engine import Engine
from promptls.tokens.errors import TokenError


class OpenDocuments(Protocol):
    """The files that are open in an editor. Safe to call from several threads."""

    def content(self, path: Path, reading: Reading) -> Content | None:
        """The content of an open file as it stands there, by its real path; None if not open.

        Raises TokenError when it cannot be counted. `files.contents.content_of_text` makes one.
        """

    def text(self, path: Path) -> str | None:
        """The text of an open file as it stands there; None if it is not open."""


class Located(NamedTuple):
    """A file that may be read, in one state, and how it is wanted."""

    key: Hashable
    """Equal for what is read alike: path, lines, encoding, dialect."""
    path: str
    """The real path."""
    stamp: Stamp
    name: str
    home: str
    lines: Lines | None
    engine: Engine
    dialect: Dialect | None
    """None: it is not read for references."""
    max_bytes: int


Refusal = NotFound | Failed | Blocked
Member = Located | Content | Refusal


@dataclass(frozen=True, slots=True)
class Place:
    """What a reference names: one file, or the members of a glob or folder in order."""

    members: tuple[Member, ...]
    many: bool = False


class Locator:
    """Locates the files of one batch of requests, under one policy."""

    def __init__(
        self,
        policy: AccessPolicy,
        open_documents: OpenDocuments | None,
        max_bytes: int,
        max_files: int,
    ) -> None:
        self._policy = policy
        self._open_documents = open_documents
        self._max_bytes = max_bytes
        self._max_files = max_files
        self._grounds: dict[int, tuple[Site, Ground]] = {}
        self._homes: dict[str, str] = {}

    def locate(self, request: Request) -> Place:
        """Find what a request names. Whatever is wrong is a member."""
        ground = self._ground(request.site)
        paths = paths_of(request.target, ground, request.form)
        for path in paths:
            found = self._open(path, request.target, request, ground)
            if isinstance(found, Folder):
                if is_native(request.form):
                    return self._list(found.path, None, request, ground)
            elif not isinstance(found, NotFound):
                return Place((found,))
        pattern = Pattern.of(request.target) if is_native(request.form) else None
        if pattern is not None:
            for path in paths:
                base = path.rsplit(os.sep, pattern.depth)[0] or os.sep
                folder = open_checked(base, self._policy, home=ground.home, name=request.target)
                if isinstance(folder, Folder):
                    place = self._list(folder.path, pattern, request, ground)
                    if place.members:
                        return place
                elif isinstance(folder, Opened):
                    folder.close()
                elif not isinstance(folder, NotFound):
                    return Place((folder,))
        return Place((self._nothing(request, paths, ground),))

    def _ground(self, site: Site) -> Ground:
        # By identity: comparing sites would compare all mappings in them.
        known = self._grounds.get(id(site))
        if known is None:
            root = root_of(site)
            if root not in self._homes:
                self._homes[root] = home_of(site)
            known = self._grounds[id(site)] = (site, Ground.of(site, self._homes[root]))
        return known[1]

    def _open(self, path: str, name: str, request: Request, ground: Ground) -> Member | Folder:
        found = open_checked(path, self._policy, home=ground.home, name=name)
        if isinstance(found, Opened):
            found.close()
            return self._located(found.path, Stamp.of(found.state), request, ground)
        if isinstance(found, NotFound) and self._open_documents is not None:
            # It may be open though it was never saved, or is removed.
            try:
                real = os.path.realpath(path)
            except ValueError:  # it holds lone surrogates
                return found
            if self._policy.refusal(real, ground.home) is None:
                return self._open_content(real, request, self._dialect(real, request)) or found
        return found

    def _located(
        self, path: str, stamp: Stamp, request: Request, ground: Ground
    ) -> Located | Content | Failed:
        dialect = self._dialect(path, request)
        content = self._open_content(path, request, dialect)
        if content is not None:
            return content
        engine, lines = request.reading.engine, request.options.lines
        key = (path, lines, engine.encoding.name, None if dialect is None else dialect.name)
        name = self._policy.relative(path)
        limit = request.site.file_bytes or self._max_bytes
        if stamp.size > limit:
            return unusable(name, UnusableError("reference/too-large", too_large(limit)))
        return Located(key, path, stamp, name, ground.home, lines, engine, dialect, limit)

    def _dialect(self, path: str, request: Request) -> Dialect | None:
        dialect = request.reading.dialect
        # Most are told by their suffix, without making a path.
        if dialect is None or path.endswith(".md"):
            return dialect
        return dialect if is_prompt_path(PurePath(path), request.site.root) else None

    def _open_content(
        self, path: str, request: Request, dialect: Dialect | None
    ) -> Content | Failed | None:
        if self._open_documents is None:
            return None
        reading = request.reading
        if reading.dialect is not dialect:
            reading = replace(reading, dialect=dialect)
        lines, name = request.options.lines, self._policy.relative(path)
        try:
            if lines is None:
                return self._open_documents.content(Path(path), reading)
            text = self._open_documents.text(Path(path))
            return None if text is None else content_of_text(path, name, lines, text, reading)
        except TokenError as error:
            return uncounted(name, error)

    def _list(
        self, folder: str, pattern: Pattern | None, request: Request, ground: Ground
    ) -> Place:
        own = request.site.path
        root = request.site.root

        def accept(path: Path) -> bool:
            return path != own and (pattern is not None or is_prompt_path(path, root))

        limit = request.site.max_files or self._max_files
        listing = list_files(folder, pattern, accept, limit)
        if listing.too_many:
            return Place((self._too_many(request, limit),))
        if listing.problem:
            return Place((unreadable(shown(request.target), listing.problem),))
        members = []
        for path in listing.paths:
            member = self._open(path, self._policy.relative(path), request, ground)
            # A glob names no file by itself, so what may not be read is passed over.
            if not isinstance(member, Folder | Blocked | NotFound):
                members.append(member)
        if pattern is None and not members:
            message = f"There are no prompt or text files in the folder `{shown(request.target)}`."
            return Place((NotFound(Notice("reference/not-found", message)),))
        return Place(tuple(members), many=True)

    def _too_many(self, request: Request, limit: int) -> Failed:
        message = (
            f"`{shown(request.target)}` names more than {limit:,} files, or looks at "
            "more than 10,000. Name a smaller folder, or a narrower glob."
        )
        return Failed(Notice("reference/too-many-files", message))

    def _nothing(self, request: Request, paths: tuple[str, ...], ground: Ground) -> NotFound:
        target = shown(request.target)
        if not paths:
            message = f"There is no file `{target}`."
            if not ground.folder:
                message += " Save the document first: paths are relative to it."
            return NotFound(Notice("reference/not-found", message))
        nearest: tuple[str, ...] = ()
        # A candidate that names nothing is no reference: nobody asks what it meant.
        if request.certain:
            nearest = nearest_targets(request.target, paths, ground, self._policy)
        looked_for = " and ".join(f"`{shown(self._policy.relative(path))}`" for path in paths)
        message = f"There is no file `{target}`; looked for {looked_for}."
        if nearest:
            message += f" Did you mean `{shown(nearest[0])}`?"
        else:
            message += " Correct the path, or make the file."
        return NotFound(Notice("reference/not-found", message, nearest))
