"""Reads a file from disk and makes a content of it; a text that was counted before is not again."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from promptls.references.files.contents import Lines, content_of_file
from promptls.references.files.counts import RememberedCounts
from promptls.references.files.failures import (
    UnusableError,
    not_found,
    too_large,
    uncounted,
    unreadable,
    unusable,
)
from promptls.references.files.locating import Located, Refusal
from promptls.references.files.measuring import MeasuredText, hash_text, measure_text
from promptls.references.files.opening import Folder, Opened, open_checked
from promptls.references.files.reading import TextOfFile
from promptls.references.files.stamps import Stamp
from promptls.references.model import Clock, Content, Notice
from promptls.references.policy import AccessPolicy
from promptls.references.scanning import may_hold_references
from promptls.tokens.errors import TokenError

_AT_ONCE_MAX = 1 << 18
"""Bytes of a file that is read once and held while the cache is asked; larger ones are read twice,
to be hashed and to be counted, so that none is ever held."""
_HELD_MAX = 4 << 20
"""Bytes of files that are held together."""
_PAUSES = (0.0, 0.02, 0.1)
"""Seconds to wait before each reading of a file that changes while it is read."""


class Read(NamedTuple):
    """What came of reading a file."""

    outcome: Content | Refusal
    stamp: Stamp | None = None
    """The state that it is known by from now on; None when it may change without being seen."""


class _Held(NamedTuple):
    """A file that is read; the pieces of its text if it is small and not counted yet."""

    located: Located
    path: str
    stamp: Stamp
    read_at: float
    pieces: list[str]
    hash: str
    notices: tuple[Notice, ...]


class FileSource:
    """Reads files. Safe to use from several threads."""

    def __init__(
        self,
        counts: RememberedCounts,
        clock: Clock,
        checkpoint: Callable[[], None],
    ) -> None:
        self._counts = counts
        self._clock = clock
        self._checkpoint = checkpoint

    def read_many(self, wanted: Sequence[Located], policy: AccessPolicy) -> list[Read]:
        """Read files; the cache is asked once for the texts of all that are small."""
        held: list[tuple[int, _Held]] = []
        reads: dict[int, Read] = {}
        size = 0
        for number, located in enumerate(wanted):
            one = self._hold(located, policy) if located.stamp.size <= _AT_ONCE_MAX else None
            if one is None:
                reads[number] = self.read(located, policy)
                continue
            held.append((number, one))
            size += one.stamp.size
            if size > _HELD_MAX:
                reads.update(self._count_all(held))
                held, size = [], 0
        reads.update(self._count_all(held))
        return [reads[number] for number in range(len(wanted))]

    def _count_all(self, held: Sequence[tuple[int, _Held]]) -> Iterator[tuple[int, Read]]:
        """Count what the cache does not know, equal texts once."""
        keys = [(one.hash, one.located.engine, one.located.dialect) for _, one in held]
        known = dict(zip(keys, self._counts.texts(keys), strict=True))
        for key, (number, one) in zip(keys, held, strict=True):
            measured = known[key]
            if measured is None:
                try:
                    measured = self._measure_held(one)
                except UnusableError as error:
                    yield number, Read(unusable(one.located.name, error))
                    continue
                except TokenError as error:
                    yield number, Read(uncounted(one.located.name, error))
                    continue
                known[key] = measured
            yield number, self._known(one, measured)

    def _hold(self, located: Located, policy: AccessPolicy) -> _Held | None:
        """Read a small file; None when that does not go smoothly: `read` tells why."""
        opened = open_checked(located.path, policy, home=located.home, name=located.name)
        if not isinstance(opened, Opened):
            return None
        with opened:
            read_at = self._clock()
            stamp = Stamp.of(opened.state)
            if stamp.size > min(_AT_ONCE_MAX, located.max_bytes):
                return None
            text = self._text_of(opened, located.lines, located.max_bytes)
            try:
                pieces = list(text.pieces())
                changed = Stamp.of(os.fstat(opened.handle)) != stamp
            except (OSError, UnusableError):
                return None
            if changed:
                return None
            content_hash, _ = hash_text(pieces)
            notices = text.notices(located.name)
            return _Held(located, opened.path, stamp, read_at, pieces, content_hash, notices)

    def _measure_held(self, one: _Held) -> MeasuredText:
        located = one.located
        dialect = located.dialect
        if dialect is not None and not may_hold_references("".join(one.pieces), dialect):
            dialect = None  # then fences and comments do not matter either
        measured = measure_text(self._paused(one.pieces), located.engine, dialect)
        self._counts.keep_text(measured, located.engine, located.dialect)
        return measured

    def _paused(self, pieces: list[str]) -> Iterator[str]:
        for piece in pieces:
            self._checkpoint()
            yield piece

    def _known(self, one: _Held, measured: MeasuredText) -> Read:
        """The content of a file, which the cache knows from now on."""
        located = one.located
        content = content_of_file(
            one.path, located.name, located.lines, measured, "source", one.notices, one.read_at
        )
        if not one.stamp.settled(one.read_at):
            return Read(content)
        if located.lines is None:
            self._counts.keep_file(one.path, one.stamp, content)
        return Read(content, one.stamp)

    def read(self, located: Located, policy: AccessPolicy) -> Read:
        """Read a file, whatever state it is in now, and have the cache know it."""
        for pause in _PAUSES:
            if pause:
                time.sleep(pause)
            read = self._read_once(located, policy)
            if read is not None:
                return read
        return Read(unreadable(located.name, "it changes while it is read"))

    def text(
        self, content: Content, path: str, lines: Lines | None, policy: AccessPolicy, home: str
    ) -> str | None:
        """The text of a content; None when the file does not hold it any more."""
        opened = open_checked(path, policy, home=home)
        if not isinstance(opened, Opened):
            return None
        with opened:
            try:
                text = "".join(self._text_of(opened, lines, opened.state.st_size).pieces())
            except (OSError, UnusableError):
                return None
        return text if hash_text([text])[0] == content.hash else None

    def _read_once(self, located: Located, policy: AccessPolicy) -> Read | None:
        """Read it; None when it changed meanwhile."""
        name = located.name
        opened = open_checked(located.path, policy, home=located.home, name=name)
        if isinstance(opened, Folder):
            return Read(not_found(name))
        if not isinstance(opened, Opened):
            return Read(opened)
        with opened:
            read_at = self._clock()
            stamp = Stamp.of(opened.state)
            if stamp.size > located.max_bytes:
                reason = too_large(located.max_bytes)
                return Read(unusable(name, UnusableError("reference/too-large", reason)))
            text = self._text_of(opened, located.lines, located.max_bytes)
            try:
                measured = self._measure(text, located)
                changed = Stamp.of(os.fstat(opened.handle)) != stamp
            except UnusableError as error:
                return Read(unusable(name, error))
            except TokenError as error:
                return Read(uncounted(name, error))
            except OSError as error:
                return Read(unreadable(name, (error.strerror or type(error).__name__).lower()))
        if measured is None or changed:
            return None
        held = _Held(located, opened.path, stamp, read_at, [], measured.hash, text.notices(name))
        return self._known(held, measured)

    def _measure(self, text: TextOfFile, located: Located) -> MeasuredText | None:
        """Hash first, for counting takes a hundred times as long; None when it changed between."""
        content_hash, _ = hash_text(text.pieces())
        engine, dialect = located.engine, located.dialect
        (known,) = self._counts.texts([(content_hash, engine, dialect)])
        if known is not None:
            return known
        measured = measure_text(text.pieces(), engine, dialect)
        # What was counted is true of the text with its own hash, whichever that is.
        self._counts.keep_text(measured, engine, dialect)
        return measured if measured.hash == content_hash else None

    def _text_of(self, opened: Opened, lines: Lines | None, max_bytes: int) -> TextOfFile:
        return TextOfFile(opened.handle, max_bytes, lines, self._checkpoint)
