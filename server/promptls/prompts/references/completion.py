"""What is being written at the cursor, complete or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from promptls.prompts.dialects.model import Dialect
from promptls.prompts.references.masking import MASK, mask
from promptls.prompts.references.native import opening_of

_TRIES = 4
"""Openings in front of the cursor that are tried: an `@` may be part of a path."""

_AFTER_QUOTES = re.compile(r'"(?:[^"\\]|\\.)+"')
_BLANK = re.compile(r"\s")
_PATH = re.compile(rf"[^\s\"<>|{MASK}]*")
_QUOTED_PATH = re.compile(rf"\"((?:[^\"\\{MASK}]|\\.)*)$")
_NAME = re.compile(r"[\w.:-]*")
_AT_PATH = re.compile(rf"(?:[^\s\\\"<>|`{MASK}]|\\ )*")
_HASH_PATH = re.compile(rf"[^\s#{MASK}]*")
_DESTINATION = re.compile(rf"\([ \t]*(?:<([^<>{MASK}]*)|([^\s()<>#{MASK}]*))$")
_TEMPLATE = re.compile(r"\{?~?[ \t]*([A-Za-z_][\w.-]*)?")
_PARTIAL = re.compile(r"~?>[ \t]*([\w./-]*)")
_EXPRESSIONS = (
    ("${env:", "var", "environment", "env:"),
    ("${file:", "file", "file-expression", ""),
    ("${input:", "var", "input", ""),
)


@dataclass(frozen=True, slots=True)
class CompletionContext:
    """What is being written. Columns count characters of the line."""

    kind: str
    """`file`, `api`, `var`, the kind of a handler that a package brings, or `option`."""
    prefix: str
    """What is written of it so far, escapes left out."""
    start: int
    end: int
    """The columns that a completion replaces; the cursor stands at `end`."""
    form: str
    """The name of the form that it is part of."""
    quoted: bool = False
    """Whether it stands in quotes or angle brackets."""


class Completions:
    """Tells what is being written, for one dialect."""

    def __init__(self, dialect: Dialect, kinds: Iterable[str]) -> None:
        self._forms = frozenset(dialect.forms)
        self._native = opening_of(kinds)

    def context(self, line: str, column: int) -> CompletionContext | None:
        """The context at a column of a line; None where no reference is being written."""
        masked = mask(line)[:column]
        return (
            self._native_context(line, masked)
            or self._expression(line, masked)
            or self._template(masked)
            or self._link(line, masked)
            or self._hash_file(line, masked)
            or self._at_path(line, masked)
        )

    def _native_context(self, line: str, masked: str) -> CompletionContext | None:
        for at in _last(masked, "@"):
            found = self._native.match(masked, at)
            if found is not None:
                return _native_target(line, masked, found[1], found.end())
        return None

    def _at_path(self, line: str, masked: str) -> CompletionContext | None:
        form = next((name for name in ("at-import", "at-path") if name in self._forms), None)
        if form is None:
            return None
        for at in _last(masked, "@"):
            before = masked[at - 1] if at else " "
            if self._native.match(masked, at) is not None:
                return None
            if before.isspace() or (before == "(" and form == "at-path"):
                return _whole(_AT_PATH, line, masked, at + 1, "file", form)
        return None

    def _hash_file(self, line: str, masked: str) -> CompletionContext | None:
        at = masked.rfind("#file:") if "hash-file" in self._forms else -1
        return None if at < 0 else _whole(_HASH_PATH, line, masked, at + 6, "file", "hash-file")

    def _link(self, line: str, masked: str) -> CompletionContext | None:
        at = masked.rfind("](") if "markdown-link" in self._forms else -1
        if at < 0:
            return None
        found = _DESTINATION.match(masked, at + 1)
        opening = masked.rfind("[", 0, at)
        if found is None or opening < 0 or masked[opening - 1 : opening] == "!":
            return None
        group = 1 if found[1] is not None else 2
        start = found.start(group)
        end = len(masked)
        return CompletionContext("file", line[start:end], start, end, "markdown-link", group == 1)

    def _expression(self, line: str, masked: str) -> CompletionContext | None:
        at = masked.rfind("${")
        if at < 0 or "}" in masked[at:]:
            return None
        for opening, kind, form, named in _EXPRESSIONS:
            if form in self._forms and masked.startswith(opening, at):
                start = at + len(opening)
                written = line[start : len(masked)]
                if ":" in written:
                    return None
                start -= len(named)
                return CompletionContext(kind, named + written, start, len(masked), form)
        return None

    def _template(self, masked: str) -> CompletionContext | None:
        at = masked.rfind("{{")
        if at < 0:
            return None
        for pattern, kind, form in (
            (_PARTIAL, "file", "partial"),
            (_TEMPLATE, "var", "template"),
        ):
            found = pattern.fullmatch(masked, at + 2) if form in self._forms else None
            if found is not None:
                prefix = found[1] or ""
                end = len(masked)
                return CompletionContext(kind, prefix, end - len(prefix), end, form)
        return None


def _last(masked: str, opening: str) -> Iterator[int]:
    """Where an opening stands, the last one first."""
    at = len(masked)
    for _ in range(_TRIES):
        at = masked.rfind(opening, 0, at)
        if at < 0:
            return
        yield at


def _native_target(line: str, masked: str, kind: str, start: int) -> CompletionContext | None:
    end = len(masked)
    options = _options(masked, start)
    if options is not None:
        name = options[max(options.rfind("?"), options.rfind("&")) + 1 :]
        if not name.isalpha() and name:
            return None
        return CompletionContext("option", name, end - len(name), end, "native")
    if kind == "var":
        return _whole(_NAME, line, masked, start, kind, "native")
    quoted = _QUOTED_PATH.match(masked, start)
    if quoted is not None:
        begin = quoted.start(1)
        prefix = line[begin:end].replace('\\"', '"')
        return CompletionContext(kind, prefix, begin, end, "native", quoted=True)
    return _whole(_PATH, line, masked, start, kind, "native")


def _options(masked: str, start: int) -> str | None:
    """What is written behind a target from its first `?` on; None while it is the target."""
    closed = _AFTER_QUOTES.match(masked, start)
    if closed is not None:
        start = closed.end()
    elif masked.startswith('"', start):
        return None
    question = masked.find("?", start)
    if question < 0 or _BLANK.search(masked, start):
        return None
    return masked[question:]


def _whole(
    pattern: re.Pattern[str], line: str, masked: str, start: int, kind: str, form: str
) -> CompletionContext | None:
    """The context of what a pattern takes up to the cursor."""
    end = len(masked)
    if pattern.fullmatch(masked, start) is None:
        return None
    prefix = line[start:end]
    if form == "at-import":
        prefix = prefix.replace("\\ ", " ")
    return CompletionContext(kind, prefix, start, end, form)
