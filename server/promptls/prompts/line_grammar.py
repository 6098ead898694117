"""Which lines of a document may carry structure, for one dialect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from operator import itemgetter

from promptls.prompts.dialects.model import Dialect
from promptls.prompts.line_kinds import READERS
from promptls.prompts.marks import LINE_LIMIT, Found, Kind, Mark
from promptls.prompts.references import REFERENCE_LIMIT, Reference, ReferenceGrammar
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
_WITHOUT_REFERENCES = frozenset({Kind.RULE, Kind.FENCE, Kind.COMMENT, Kind.ROLE})
_MAY_BE_AFTER = frozenset({Kind.COMMENT_END, Kind.REFERENCE})


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
        self._references = ReferenceGrammar(dialect)
        self._triggers = self._references.triggers

    def classify(self, line: str, *, first: bool) -> Mark | None:
        """The mark of a line (without its line break, at most REFERENCE_LIMIT characters), or None.

        The `first` line of a document may begin with a BOM; in any other, U+FEFF is text.
        """
        head = line[:LINE_LIMIT] if len(line) > LINE_LIMIT else line
        mark = self._structure(head, first=first)
        for trigger in self._triggers:
            if trigger in line:
                break
        else:
            return mark
        if mark is not None and mark.kind in _WITHOUT_REFERENCES:
            return mark
        references = self._references.find(line)
        if references:
            if mark is None:
                mark = Mark(Kind.REFERENCE, head)
            mark.references = references
        return mark

    def _structure(self, line: str, *, first: bool) -> Mark | None:
        """What a line is in the structure of a document; None for plain text."""
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
            if mark is None or (leading >= 0 and mark.kind in _MAY_BE_AFTER):
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
        referring: set[int] = set()
        for trigger in self._triggers:
            referring.update(_lines_with(trigger, text, lines))
        others -= referring
        if referring:
            found = [item for item in found if item[0] not in referring]
            found += [(start, lines.content(start, REFERENCE_LIMIT)) for start in referring]
        others.difference_update([start for start, _ in found])
        found += [(start, lines.content(start, LINE_LIMIT)) for start in others]
        # Runs in order, which sorting only merges.
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
        marks.append(Found(line, self._after(lines.content(begin, REFERENCE_LIMIT)), begin))
        return True

    def _after(self, line: str) -> Mark:
        head = line[:LINE_LIMIT]
        mark = Mark(Kind.AFTER, head, closes="-->" in head)
        mark.references = self._references.find(line)
        return mark

    def scan_lines(self, lines: Sequence[str], first: int) -> list[Found]:
        """The marks of consecutive lines (each cut to REFERENCE_LIMIT), the first numbered `first`.

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
                if leading and mark.kind in _MAY_BE_AFTER:
                    mark = self._after(line)
                marks.append(Found(number, mark))
                leading = mark.leads_to_after
            elif leading and line.strip(" \t"):
                marks.append(Found(number, self._after(line)))
                leading = False
            previous = line
        return marks

    def _add_setext(
        self, marks: list[Found], line: int, rule: Mark, title: str, start: int = -1
    ) -> None:
        """Make the line above an underline a heading, if it can be one."""
        title = title[:LINE_LIMIT]
        if not title.strip(" \t") or _NOT_A_TITLE.match(title):
            return
        references: tuple[Reference, ...] = ()
        if marks and marks[-1].line == line - 1:
            if marks[-1].mark.kind not in (Kind.AFTER, Kind.COMMENT_END, Kind.REFERENCE):
                return
            references = marks.pop().mark.references
        level = 1 if rule.level == 1 else 2
        heading = Mark(Kind.HEADING, title, level=level, name=title.strip(), setext=True)
        heading.closes = "-->" in title
        heading.references = references
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


def _lines_with(trigger: str, text: str, lines: TextLines) -> Iterator[int]:
    """The offsets of the lines that hold a text within REFERENCE_LIMIT."""
    at = text.find(trigger)
    while at >= 0:
        start = lines.begin(at)
        if at - start < REFERENCE_LIMIT:
            yield start
        at = text.find(trigger, max(lines.end(at), at + 1))
