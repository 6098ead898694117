"""Where the keys of a TOML text stand, which `tomllib` does not tell.

`tomllib` decides what a text means; this scanner only follows along, and stops where a text is
no longer TOML. It also refuses what would keep `tomllib` busy for hours (its cost grows with the
square of the parts of a key) or exhaust its recursion, so it runs first.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from promptls.findings import Position, Range
from promptls.settings.layer import KeyPath

MAX_DEPTH = 64
"""Nested arrays and inline tables, and parts of one key: far more than settings need."""

_BLANK = re.compile(r"(?:[ \t\n]++|#[^\n]*+)*")
_GAP = re.compile(r"[ \t]*+")
_LINE = re.compile(r"[^\r\n]*+")
_BARE = re.compile(r"([A-Za-z0-9_-]++)")
_BASIC = re.compile(r'"((?:[^"\\\n]++|\\[^\n])*)"')
_LITERAL = re.compile(r"'([^'\n]*+)'")
_VALUE = re.compile(
    r'"""(?:[^"\\]++|\\[\s\S]|"{1,2}+(?!"))*"{3,5}+'
    r"|'''(?:[^']++|'{1,2}+(?!'))*'{3,5}+"
    r'|"(?:[^"\\\n]++|\\[^\n])*"'
    r"|'[^'\n]*+'"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9][0-9:.Zz+-]*+)?"  # the only value with a blank in it
    r"|[^\s,\[\]{}#\"'=]++"
)


class TooDeepError(Exception):
    """A key has too many parts, or a value is nested too deeply."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class KeyPlaces:
    """Where each key stands, by its path as written, list indices included."""

    text: str
    offsets: Mapping[KeyPath, tuple[int, int]]

    def range(self, path: KeyPath) -> Range:
        """Find the key's place, else that of the nearest key above it, else the first line."""
        for length in range(len(path), 0, -1):
            if place := self.offsets.get(path[:length]):
                return Range(position_at(self.text, place[0]), position_at(self.text, place[1]))
        return line_range(self.text, 0)


def locate_keys(text: str, under: tuple[str, ...] = ()) -> KeyPlaces:
    """Find the keys at and below the table `under` in a text with line feeds as line ends.

    Raises `TooDeepError`; any other text, TOML or not, gives what could be found.
    """
    scanner = _Scanner(text, under)
    scanner.scan()
    return KeyPlaces(text, scanner.places)


def position_at(text: str, offset: int) -> Position:
    """Convert an offset in code points to a position with utf-16 columns."""
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    line = before[before.rfind("\n") + 1 :]
    return Position(before.count("\n"), len(line) + sum(char > "\uffff" for char in line))


def line_range(text: str, offset: int) -> Range:
    """From a code point to the end of its line."""
    rest = _LINE.match(text, offset)
    end = rest.end() if rest else offset
    return Range(position_at(text, offset), position_at(text, end))


class _NotTomlError(Exception):
    """The scanner can go no further, and neither will tomllib."""


@dataclass(slots=True)
class _Open:
    """An array or an inline table that is not closed yet."""

    path: KeyPath
    close: str
    index: int = 0


@dataclass(slots=True)
class _Scanner:
    text: str
    under: tuple[str, ...]
    at: int = 0
    places: dict[KeyPath, tuple[int, int]] = field(default_factory=dict)
    rows: dict[KeyPath, int] = field(default_factory=dict)
    """Arrays of tables: the index of the last table."""

    def scan(self) -> None:
        table: KeyPath = ()
        try:
            while self._skip(_BLANK) < len(self.text):
                if self._take("[["):
                    table = self._key((), header=True, row=True)
                elif self._take("["):
                    table = self._key((), header=True)
                else:
                    path = self._key(table)
                    self._expect("=")
                    self._value(path)
                self._skip(_LINE)
        except _NotTomlError:
            return

    def _key(self, table: KeyPath, *, header: bool = False, row: bool = False) -> KeyPath:
        """Read a dotted key to its full path; a header's leads into the last of an array."""
        path = table
        for part in range(MAX_DEPTH + 1):
            self._skip(_GAP)
            if part == MAX_DEPTH:
                raise TooDeepError(self.at)
            start = self.at
            path = (*path, self._name())
            place = start, self.at
            self._record(path, place)
            self._skip(_GAP)
            last = not self._take(".")
            if row and last:
                self.rows[path] = self.rows.get(path, -1) + 1
            if header and path in self.rows:
                path = (*path, self.rows[path])
                self._record(path, place)
            if last:
                break
        return path

    def _name(self) -> str:
        for pattern in (_BARE, _BASIC, _LITERAL):
            if hit := pattern.match(self.text, self.at):
                self.at = hit.end()
                return _unescaped(hit[0]) if pattern is _BASIC and "\\" in hit[1] else hit[1]
        raise _NotTomlError

    def _record(self, path: KeyPath, place: tuple[int, int]) -> None:
        shared = min(len(path), len(self.under))
        if path[:shared] == self.under[:shared]:
            self.places.setdefault(path, place)

    def _value(self, path: KeyPath) -> None:
        """Pass over a value; what is open is kept on a list, since recursion has an end."""
        stack: list[_Open] = []
        self._begin(path, stack)
        while stack:
            self._skip(_BLANK)
            inner = stack[-1]
            if self._take(inner.close):
                stack.pop()
            elif self._take(","):
                inner.index += 1
            elif inner.close == "]":
                self._begin((*inner.path, inner.index), stack)
            else:
                key = self._key(inner.path)
                self._expect("=")
                self._begin(key, stack)

    def _begin(self, path: KeyPath, stack: list[_Open]) -> None:
        """Pass over a plain value, or open an array or inline table."""
        start = self._skip(_GAP)
        if self._take("["):
            stack.append(_Open(path, "]"))
        elif self._take("{"):
            stack.append(_Open(path, "}"))
        elif hit := _VALUE.match(self.text, start):
            self.at = hit.end()
        else:
            raise _NotTomlError
        if len(stack) > MAX_DEPTH:
            raise TooDeepError(start)

    def _skip(self, pattern: re.Pattern[str]) -> int:
        if hit := pattern.match(self.text, self.at):
            self.at = hit.end()
        return self.at

    def _take(self, mark: str) -> bool:
        found = self.text.startswith(mark, self.at)
        if found:
            self.at += len(mark)
        return found

    def _expect(self, mark: str) -> None:
        if not self._take(mark):
            raise _NotTomlError


def _unescaped(quoted: str) -> str:
    try:
        return str(tomllib.loads(f"key = {quoted}")["key"])
    except ValueError:
        raise _NotTomlError from None
