"""Cuts a text that comes in pieces into literal text and the references in it.

It sees what an outline of the whole text sees: no references in fences, HTML comments and front
matter. Only what is not decided yet is held back, so that a text of any length can be read.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from promptls.prompts.dialects.model import Dialect
from promptls.prompts.front_fences import HEADER_LINES
from promptls.prompts.line_grammar import LineGrammar
from promptls.prompts.marks import LINE_LIMIT, Found, Kind
from promptls.prompts.references import REFERENCE_LIMIT, ReferenceGrammar, extra_kinds
from promptls.prompts.references.model import Reference
from promptls.prompts.resolve import FRONT_MATTER_LINES, next_context
from promptls.references.model import Embedded
from promptls.text.lines import count_breaks, line_end

FRONT_MATTER_MAX = 1 << 20
"""Characters of front matter; a text whose front matter is longer is read as having none."""
_OPENERS = ("```", "~~~", "<!--")
"""One of them stands in every line at which a fence or comment begins."""

Item = str | Embedded


class _Grammars(NamedTuple):
    lines: LineGrammar
    triggers: tuple[str, ...]


@lru_cache(maxsize=64)
def _grammars(dialect: Dialect, kinds: frozenset[str]) -> _Grammars:
    """`kinds` are those that packages bring: with others, the grammar is another."""
    return _Grammars(LineGrammar(dialect), ReferenceGrammar(dialect).triggers)


def may_hold_references(text: str, dialect: Dialect) -> bool:
    """Whether a whole text may hold any; looking takes a few microseconds for 10 KB."""
    triggers = _grammars(dialect, extra_kinds()).triggers
    return any(trigger in text for trigger in triggers)


class ReferenceScanner:
    """Reads one text; all items that it gives, joined as they are written, are that text."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._grammar, self._triggers = _grammars(dialect, extra_kinds())
        self._rest = ""
        """Text whose last line, or whose front matter, is not complete."""
        self._line = 0
        self._offset = 0
        """Lines and characters of what was given out."""
        self._context = ""
        self._begun = False
        """Whether it is known where the front matter ends."""
        self._in_long_line = False
        """Whether the next text goes on with a line of which the beginning was read."""

    def feed(self, text: str) -> list[Item]:
        """Go on with a text."""
        return self._read(text, complete=False)

    def finish(self) -> list[Item]:
        """Give what was held back; the text ends here."""
        return self._read("", complete=True)

    def _read(self, text: str, *, complete: bool) -> list[Item]:
        text = self._rest + text
        stop = len(text) if complete else _last_line_end(text)
        # Of a line that is longer than the grammar looks at, the rest need not be waited for.
        if not complete and len(text) - stop > REFERENCE_LIMIT:
            stop = len(text) - text.endswith("\r")
        self._rest = text[stop:]
        text = text[:stop]
        if not text:
            return []
        ends_line = text.endswith(("\n", "\r"))
        items: list[Item] = []
        if not self._begun:
            end = self._front_matter_end(text, complete=complete)
            if end is None:
                self._rest = text + self._rest
                return []
            self._begun = True
            self._give_text(items, text[:end])
            text = text[end:]
        elif self._in_long_line:
            end = _after_line(text)
            self._give_text(items, text[:end])
            text = text[end:]
        if text:
            self._cut(items, text)
        self._in_long_line = not complete and not ends_line
        return items

    def _front_matter_end(self, text: str, *, complete: bool) -> int | None:
        """The offset behind the front matter, 0 when there is none; None: not to be seen yet."""
        opened = False
        number = start = 0
        while start < len(text):
            if number > FRONT_MATTER_LINES:
                return 0
            end = _after_line(text, start)
            line = text[start : min(end, start + LINE_LIMIT)].rstrip("\r\n")
            mark = self._grammar.classify(line, first=number == 0)
            if mark is not None and mark.kind is Kind.RULE and mark.level >= 3:
                if opened:
                    return end
                if mark.level == 4 or number > HEADER_LINES:
                    return 0
                opened = True
            elif not opened and not self._is_header(line):
                return 0
            number, start = number + 1, end
        return 0 if complete or len(text) > FRONT_MATTER_MAX else None

    def _is_header(self, line: str) -> bool:
        """Whether front matter may stand below this line."""
        content = line.strip()
        return self._dialect.header_comments and (not content or content.startswith("#"))

    def _cut(self, items: list[Item], text: str) -> None:
        """Give a text that begins with a line and, mostly, ends with one."""
        has_references = any(trigger in text for trigger in self._triggers)
        if not has_references and not self._context and not any(one in text for one in _OPENERS):
            self._give_text(items, text)
            return
        position = 0
        line = self._line
        for number, start, reference in self._active(text):
            begin = start + reference.start
            if begin > position:
                self._give_text(items, text[position:begin])
            items.append(Embedded(reference, line + number, self._offset))
            position = start + reference.end
            self._offset += reference.end - reference.start
        self._give_text(items, text[position:])

    def _active(self, text: str) -> list[tuple[int, int, Reference]]:
        """References that count: line and offset of their lines in `text`, ascending."""
        found: list[Found] = []
        # A line break before it keeps a U+FEFF that is no BOM from being taken for one.
        shift = 1 if self._offset else 0
        for _ in self._grammar.scan_into(found, "\n" + text if shift else text):
            pass
        active = []
        for line, mark, start in found:
            counts = not self._context
            self._context = next_context(self._context, mark)
            if counts:
                active += [
                    (line - shift, start - shift, reference)
                    for reference in mark.references
                    if reference.placement != "none"
                ]
        return active

    def _give_text(self, items: list[Item], text: str) -> None:
        if text:
            items.append(text)
            self._line += count_breaks(text)
            self._offset += len(text)


def _last_line_end(text: str) -> int:
    r"""The offset behind the last line break; a `\r` at the end may be half of one."""
    stop = len(text) - text.endswith("\r")
    return max(text.rfind("\n", 0, stop), text.rfind("\r", 0, stop)) + 1


def _after_line(text: str, start: int = 0) -> int:
    """The offset behind the line that holds `start`, its line break included."""
    at = line_end(text, start)
    if at < 0:
        return len(text)
    return at + (2 if text.startswith("\r\n", at) else 1)
