"""Which lines of a document may carry structure, for one dialect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from operator import itemgetter

from promptls.prompts.dialects.model import Dialect
from promptls.prompts.line_kinds import READERS
from promptls.prompts.marks import LINE_LIMIT, Found, Kind, Mark
from promptls.text.text_lines import TextLines

_ROLES = "system|user|assistant|developer|tool|function|model"
_ROLE_FIRST = frozenset("#sSuUaAdDtTfFmM")
_ROLE = re.compile(rf"[ \t]*#?[ \t]*({_ROLES})[ \t]*:[ \t]*$", re.IGNORECASE)
_ROLE_WITH_ATTRIBUTES = re.compile(
    rf"[ \t]*#?[ \t]*({_ROLES})[ \t]*(?:\[[^\]]*\])?[ \t]*:[ \t]*$", re.IGNORECASE
)
_ROLE_HELPER = re.compile(r"[ \t]*\{\{~?[ \t]*role[ \t]+[\"'](\w+)[\"'][ \t]*~?\}\}")
_NOT_A_TITLE = re.compile(
    r"(?: {4}|[ ]*\t)|[ ]{0,3}(?:[-*+](?:[ \t]|$)|\d{1,9}[.)](?:[ \t]|$)|[>|])"
)

_FIRST = (
    r"#{1,6}(?:[ \t\r\n]|\Z)"
    r"|=+[ \t]*(?:[\r\n]|\Z)|-+[ \t]*(?:[\r\n]|\Z)|-{1000}|={1000}|\.\.\."
    r"|<[A-Za-z/!]"
)
_BEGIN = rf"(?=[ ]{{0,3}}(?:{_FIRST})|[ \t]*(?:```|~~~))"
_CONTENT = rf"(?=([^\r\n]{{0,{LINE_LIMIT}}}))"
_FIRST_AFTER_NEWLINE = re.compile(rf"\n{_BEGIN}{_CONTENT}")
_FIRST_AFTER_RETURN = re.compile(rf"(?:\n|\r(?!\n)){_BEGIN}{_CONTENT}")
_START = itemgetter(0)
_ROLE_END_IN_TEXT = re.compile(r":[ \t]*(?:[\r\n]|\Z)")
_ROLE_HELPER_IN_TEXT = re.compile(r"\{\{~?[ \t]*role")
_NOT_BLANK = re.compile(r"[^ \t\r\n]")


class LineGrammar:
    """Tells what a line may be, for one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._role: re.Pattern[str] | None = None
        if dialect.role_lines:
            self._role = _ROLE_WITH_ATTRIBUTES if dialect.role_attributes else _ROLE
        # Searches that begin with a literal character run at memchr's speed.
        searches = []
        if dialect.role_lines:
            searches.append(_ROLE_END_IN_TEXT)
        if dialect.role_helpers:
            searches.append(_ROLE_HELPER_IN_TEXT)
        self._anywhere = tuple(searches)

    def classify(self, line: str, *, first: bool) -> Mark | None:
        """The mark of a line (without its line break, at most LINE_LIMIT characters), or None.

        The `first` line of a document may begin with a BOM; in any other, U+FEFF is text.
        """
        if first and line[:1] == "\ufeff":
            line = line[1:]
        content = line.lstrip(" \t")
        mark = None
        read = READERS.get(content[:1])
        if read is not None:
            mark = read(line, content)
        elif (
            content[:2] == "{{"
            and self.dialect.role_helpers
            and (found := _ROLE_HELPER.match(line))
        ):
            return Mark(Kind.ROLE, line, name=found[1].lower(), size=found.end())
        if (
            self._role is not None
            and content[-1:] in ":\t "
            and content[:1] in _ROLE_FIRST
            and (found := self._role.match(line))
        ):
            return Mark(Kind.ROLE, line, name=found[1].lower())
        if mark is None and "-->" in line:
            return Mark(Kind.COMMENT_END, line, closes=True)
        return mark

    def scan_text(self, text: str) -> list[Found]:
        """All marks of a text, with their lines counted from 0."""
        marks: list[Found] = []
        for _ in self.scan_into(marks, text):
            pass
        return marks

    def scan_into(self, marks: list[Found], text: str) -> Iterator[int]:
        """Find all marks of a text; yields the offsets where they begin, in ascending order.

        `marks` is complete when the iteration ends.
        """
        lines = TextLines(text)
        classify, number = self.classify, lines.number
        leading = -1
        for start, content in self._candidates(text, lines):
            if leading >= 0 and self._add_after(marks, text, leading, start, lines):
                yield marks[-1].start
                leading = -1
            mark = classify(content, first=start == 0)
            if mark is None or (leading >= 0 and mark.kind is Kind.COMMENT_END):
                if leading >= 0 and self._add_after(marks, text, leading, lines.end(start), lines):
                    yield marks[-1].start
                    leading = -1
                continue
            line = number(start)
            if mark.kind is Kind.RULE and mark.level <= 3 and line:
                before = lines.begin_before(start)
                self._add_setext(marks, line, mark, lines.content(before, LINE_LIMIT), before)
                if marks:
                    yield marks[-1].start
            marks.append(Found(line, mark, start))
            yield start
            leading = lines.end(start) if mark.leads_to_after else -1
        if leading >= 0 and self._add_after(marks, text, leading, len(text), lines):
            yield marks[-1].start

    def _candidates(self, text: str, lines: TextLines) -> list[tuple[int, str]]:
        """(offset, content) of all lines that may have a mark, and of some that have none."""
        pattern = _FIRST_AFTER_RETURN if lines.lone_returns else _FIRST_AFTER_NEWLINE
        found = [(match.end(), match[1]) for match in pattern.finditer(text)]
        others = {0, *_comment_end_lines(text, lines)}
        for search in self._anywhere:
            others.update(lines.begin(match.start()) for match in search.finditer(text))
        others.difference_update([start for start, _ in found])
        found += [(start, lines.content(start, LINE_LIMIT)) for start in others]
        # Two runs in order, which sorting only merges.
        found.sort(key=_START)
        return found

    def _add_after(
        self, marks: list[Found], text: str, leading: int, stop: int, lines: TextLines
    ) -> bool:
        """Mark the first line that is not blank between two offsets; tell if there is one."""
        found = _NOT_BLANK.search(text, leading, stop)
        if found is None:
            return False
        line = lines.number(found.start())
        begin = found.start()
        while begin and text[begin - 1] in " \t":
            begin -= 1
        content = lines.content(begin, LINE_LIMIT)
        marks.append(Found(line, Mark(Kind.AFTER, content, closes="-->" in content), begin))
        return True

    def scan_lines(self, lines: Sequence[str], first: int) -> list[Found]:
        """The marks of consecutive lines (each cut to LINE_LIMIT) of which `first` is the number.

        An AFTER mark is only found when the mark that leads to it is among the lines; a title
        only when its underline is.
        """
        marks: list[Found] = []
        previous = ""
        leading = False
        for number, line in enumerate(lines, first):
            mark = self.classify(line, first=number == 0)
            if mark is not None and mark.kind is Kind.RULE and mark.level <= 3 and number > first:
                self._add_setext(marks, number, mark, previous)
            if mark is not None:
                if mark.kind is Kind.COMMENT_END and leading:
                    mark = Mark(Kind.AFTER, line, closes=True)
                marks.append(Found(number, mark))
                leading = mark.leads_to_after
            elif leading and line.strip(" \t"):
                marks.append(Found(number, Mark(Kind.AFTER, line)))
                leading = False
            previous = line
        return marks

    def _add_setext(
        self, marks: list[Found], line: int, rule: Mark, title: str, start: int = -1
    ) -> None:
        """Make the line above an underline a heading, if it can be one."""
        if not title.strip(" \t") or _NOT_A_TITLE.match(title):
            return
        if marks and marks[-1].line == line - 1:
            if marks[-1].mark.kind not in (Kind.AFTER, Kind.COMMENT_END):
                return
            marks.pop()
        level = 1 if rule.level == 1 else 2
        heading = Mark(Kind.HEADING, title, level=level, name=title.strip(), setext=True)
        heading.closes = "-->" in title
        marks.append(Found(line - 1, heading, start))


def _comment_end_lines(text: str, lines: TextLines) -> list[int]:
    """The offsets of the lines that hold `-->` within LINE_LIMIT."""
    starts = []
    at = text.find("-->")
    while at >= 0:
        start = lines.begin(at)
        if at + 3 - start <= LINE_LIMIT:
            starts.append(start)
        at = text.find("-->", max(lines.end(at), at + 3))
    return starts
