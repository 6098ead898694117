"""Lines that may carry structure, found without regard to what stands around them.

Whether a mark counts (it does not inside a fence or a comment, or when a tag is never closed) is
decided by `resolve`. Only the first LINE_LIMIT characters of a line are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum
from operator import itemgetter
from typing import NamedTuple

from promptls.prompts.dialects.model import Dialect
from promptls.settings.limit import BudgetLimit
from promptls.text.lines import count_breaks

LINE_LIMIT = 1024
"""Characters of a line that are looked at for structure."""

NO_RANK = 255
"""The rank of a mark at which no section begins or goes on."""


class Kind(IntEnum):
    """What a line may be."""

    START = 0
    """Not a line: the beginning of the document."""
    HEADING = 1
    RULE = 2
    """A line of `=` or `-`, or `...`: an underline, a thematic break, a fence of front matter."""
    FENCE = 3
    COMMENT = 4
    """A line that begins with `<!--`."""
    COMMENT_END = 5
    """Another line that holds `-->`."""
    TAG_OPEN = 6
    TAG_CLOSE = 7
    ROLE = 8
    AFTER = 9
    """The first line that is not blank behind a closing tag or the end of front matter."""


class Mark:
    """One such line, with what `resolve` finds out about it."""

    # Defaults stand with the class: tens of thousands are made when a large document is opened.
    rank: int = NO_RANK
    depth: int = 0
    """How many tags are open behind the mark."""
    context: str = ""
    """What the text behind the mark stands in: "" for nothing special, the characters that
    opened a fence, "comment" or "frontMatter"."""
    active: bool = False
    """Whether the mark itself stands in nothing of that kind."""
    section: str = ""
    """The kind of section that begins here, "" for none."""
    directive: bool = False
    """Whether this is a directive of ours that counts."""
    lead: int = 0
    reach: int = 0
    """Lines before and from the mark that decide about the expanded tokens of an unsent part
    that begins here; 0 where none begins (`unsent`)."""
    limit: BudgetLimit | None = None
    ignored: tuple[str, ...] = ()
    """What directives say of the section that begins here (`report.declared`)."""
    hint: tuple[object, int, str] | None = None
    """What a surface last made of the section: whatever it keeps (`lsp.features.inlay_hint`)."""
    width: int = -1
    """Length of the line in code units, once asked for."""

    def __init__(
        self,
        kind: Kind,
        text: str = "",
        *,
        level: int = 0,
        name: str = "",
        closes: bool = False,
        size: int = 0,
        setext: bool = False,
    ) -> None:
        self.kind = kind
        self.text = text
        """The line, no more than LINE_LIMIT characters of it."""
        self.level = level
        """Headings: 1 to 6. Rules: 1 for `=`, 2 for `-`, 3 for a `---` that can fence, 4 `...`.
        Comments: 1 for one that is a directive."""
        self.name = name
        """Title of a heading, name of a tag or role, character of a fence."""
        self.closes = closes
        """Fences: can close one. Comments: `-->` stands on the line."""
        self.size = size
        """Fences: how long. Role helpers: how many characters of the line they take."""
        self.setext = setext
        """Headings: the next line underlines this one."""

    def signature(self) -> tuple[Kind, int, str, bool, int, bool]:
        """Equal for marks that structure a document in the same way."""
        name = "" if self.kind is Kind.HEADING else self.name
        return self.kind, self.level, name, self.closes, self.size, self.setext

    def take_over(self, other: Mark) -> None:
        """Be what `other`, of the same signature, was found to be."""
        self.rank, self.depth, self.context = other.rank, other.depth, other.context
        self.active = other.active
        self.section, self.directive = other.section, other.directive
        self.lead, self.reach = other.lead, other.reach
        self.limit, self.ignored = other.limit, other.ignored

    @property
    def leads_to_after(self) -> bool:
        """Whether the next line that is not blank is an AFTER mark, if nothing else."""
        return self.kind is Kind.TAG_CLOSE or (self.kind is Kind.RULE and self.level >= 3)

    def __repr__(self) -> str:
        return f"<{self.kind.name} {self.text[:30]!r} rank={self.rank} {self.section}>"


class Found(NamedTuple):
    """A mark, the line it stands on, and the offset of that line (-1 from `scan_lines`)."""

    line: int
    mark: Mark
    start: int = -1


_ROLES = "system|user|assistant|developer|tool|function|model"
_ROLE_FIRST = frozenset("#sSuUaAdDtTfFmM")
_HEADING = re.compile(r" {0,3}(#{1,6})(?=[ \t]|$)")
_RULE = re.compile(r" {0,3}(?:(=+)|(-+)|(\.\.\.))[ \t]*$")
_DIRECTIVE = re.compile(r" {0,3}<!--[ \t]*promptls:.*-->[ \t]*$")
_TAG = re.compile(r" {0,3}<(/?)([A-Za-z][\w.:-]*)(?:[ \t][^<>]*)?[ \t]*>[ \t]*$")
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
        read = _BY_FIRST_CHARACTER.get(content[:1])
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
        lines = _Lines(text)
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
                self._add_setext(marks, line, mark, lines.content(before), before)
                if marks:
                    yield marks[-1].start
            marks.append(Found(line, mark, start))
            yield start
            leading = lines.end(start) if mark.leads_to_after else -1
        if leading >= 0 and self._add_after(marks, text, leading, len(text), lines):
            yield marks[-1].start

    def _candidates(self, text: str, lines: _Lines) -> list[tuple[int, str]]:
        """(offset, content) of all lines that may have a mark, and of some that have none."""
        pattern = _FIRST_AFTER_RETURN if lines.lone_returns else _FIRST_AFTER_NEWLINE
        found = [(match.end(), match[1]) for match in pattern.finditer(text)]
        others = {0, *_comment_end_lines(text, lines)}
        for search in self._anywhere:
            others.update(lines.begin(match.start()) for match in search.finditer(text))
        others.difference_update([start for start, _ in found])
        found += [(start, lines.content(start)) for start in others]
        # Two runs in order, which sorting only merges.
        found.sort(key=_START)
        return found

    def _add_after(
        self, marks: list[Found], text: str, leading: int, stop: int, lines: _Lines
    ) -> bool:
        """Mark the first line that is not blank between two offsets; tell if there is one."""
        found = _NOT_BLANK.search(text, leading, stop)
        if found is None:
            return False
        line = lines.number(found.start())
        begin = found.start()
        while begin and text[begin - 1] in " \t":
            begin -= 1
        content = lines.content(begin)
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


def _heading(line: str, content: str) -> Mark | None:
    found = _HEADING.match(line)
    if found is None:
        return None
    title = line[found.end() :].strip(" \t")
    if title.endswith("#"):
        open_title = title.rstrip("#")
        if not open_title or open_title[-1] in " \t":
            title = open_title.rstrip(" \t")
    return Mark(Kind.HEADING, line, level=len(found[1]), name=title)


def _rule(line: str, content: str) -> Mark | None:
    found = _RULE.match(line)
    if found is None:
        return None
    if found[1]:
        level = 1
    elif found[3]:
        level = 4 if line[0] == "." else 2
    else:
        level = 3 if line.rstrip(" \t") == "---" else 2
    return Mark(Kind.RULE, line, level=level)


def _fence(line: str, content: str) -> Mark | None:
    character = content[0]
    info = content.lstrip(character)
    size = len(content) - len(info)
    if size < 3 or (character == "`" and "`" in info):
        return None
    return Mark(Kind.FENCE, line, name=character, size=size, closes=not info.strip())


def _angle(line: str, content: str) -> Mark | None:
    if content.startswith("<!--"):
        if len(line) - len(content) <= 3 and "\t" not in line[:3]:
            directive = _DIRECTIVE.match(line) is not None
            return Mark(Kind.COMMENT, line, level=int(directive), closes="-->" in line)
        return None
    found = _TAG.match(line)
    if found is None or line.rstrip(" \t").endswith("/>"):
        return None
    return Mark(Kind.TAG_CLOSE if found[1] else Kind.TAG_OPEN, line, name=found[2])


_BY_FIRST_CHARACTER: dict[str, Callable[[str, str], Mark | None]] = {
    "#": _heading,
    "=": _rule,
    "-": _rule,
    ".": _rule,
    "`": _fence,
    "~": _fence,
    "<": _angle,
}


class _Lines:
    """Line numbers and ends in one text, asked for in ascending order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._offset = 0
        self._line = 0
        # LSP's three line breaks; `\n` alone unless a `\r` stands without one.
        self._returns = "\r" in text
        self.lone_returns = self._returns and text.count("\r") != text.count("\r\n")

    def end(self, start: int) -> int:
        """Where the line that holds `start` ends, its line break not included."""
        stop = self._text.find("\n", start)
        stop = len(self._text) if stop < 0 else stop
        if self._returns:
            carriage = self._text.find("\r", start, stop)
            return carriage if carriage >= 0 else stop
        return stop

    def content(self, start: int) -> str:
        """The line that begins at `start`, at most LINE_LIMIT characters of it."""
        return self._text[start : min(self.end(start), start + LINE_LIMIT)]

    def begin(self, offset: int) -> int:
        """Where the line that holds `offset` begins."""
        start = self._text.rfind("\n", 0, offset) + 1
        if self.lone_returns:
            start = max(start, self._text.rfind("\r", 0, offset) + 1)
        return start

    def number(self, offset: int) -> int:
        """The line that holds `offset`; never smaller than the one before."""
        if self.lone_returns:
            self._line += count_breaks(self._text[self._offset : offset])
        else:
            self._line += self._text.count("\n", self._offset, offset)
        self._offset = offset
        return self._line

    def begin_before(self, start: int) -> int:
        """Where the line before the one that begins at `start` begins."""
        stop = start - 1
        if stop > 0 and self._text[stop] == "\n" and self._text[stop - 1] == "\r":
            stop -= 1
        return self.begin(stop)


_NOT_BLANK = re.compile(r"[^ \t\r\n]")


def _comment_end_lines(text: str, lines: _Lines) -> list[int]:
    """The offsets of the lines that hold `-->` within LINE_LIMIT."""
    starts = []
    at = text.find("-->")
    while at >= 0:
        start = lines.begin(at)
        if at + 3 - start <= LINE_LIMIT:
            starts.append(start)
        at = text.find("-->", max(lines.end(at), at + 3))
    return starts
