"""Sections from scratch: line by line over the whole text, with a stack of what is open.

Which mark a line has is taken from the grammar (`tests/prompts/test_marks.py` has its own tables);
what the marks mean together is worked out here anew, as docs and design say it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from tests.oracles.text_model import line_starts, lines_of

from promptls.prompts.dialects import Dialect
from promptls.prompts.line_grammar import LineGrammar
from promptls.prompts.marks import LINE_LIMIT, Kind, Mark
from promptls.prompts.sections import title


class ModelSection(NamedTuple):
    kind: str
    title: str
    level: int
    line: int
    end_line: int


@dataclass
class _Open:
    kind: str
    title: str
    level: int
    line: int
    closed: bool = False
    """Its closing line has been seen: whatever is not blank ends it."""


@dataclass
class Model:
    """What a document is made of."""

    sections: list[ModelSection] = field(default_factory=list)
    sent: str = ""
    """The text without front matter, role lines and directives."""


def read(text: str, dialect: Dialect) -> Model:
    """Read a whole document."""
    lines = lines_of(text)
    starts = [*line_starts(text), len(text)]
    grammar = LineGrammar(dialect)
    found = grammar.scan_lines([line[:LINE_LIMIT] for line in lines], 0)
    marks = {item.line: item.mark for item in found}
    front = _front_matter(lines, marks, dialect)
    live = _live(marks, front)
    tags = _matched(live)

    model = Model()
    stack: list[_Open] = []
    around = False

    def end(until: int, line: int) -> None:
        while len(stack) > until:
            done = stack.pop()
            model.sections.append(ModelSection(done.kind, done.title, done.level, done.line, line))

    unsent: list[tuple[int, int]] = []
    for line, content in enumerate(lines):
        if line == 0 and front is not None:
            stack.append(_Open("frontMatter", "front matter", 0, 0))
        elif line == 0:
            stack.append(_Open("preamble", "preamble", 0, 0))
        if front is not None and line <= front:
            stack[0].closed = line == front
            continue
        mark = live.get(line)
        depth = sum(opened.kind == "tag" and not opened.closed for opened in stack)
        closes = line in tags and mark is not None and mark.kind is Kind.TAG_CLOSE
        begins = ""
        if mark is not None and mark.kind is Kind.HEADING:
            begins = "heading"
        elif mark is not None and mark.kind is Kind.ROLE:
            begins = "role"
        elif mark is not None and mark.kind is Kind.TAG_OPEN and line in tags:
            begins = "tag"
        if content.strip(" \t") or begins:
            was_closed = bool(stack) and any(opened.closed for opened in stack)
            end(next((at for at, opened in enumerate(stack) if opened.closed), len(stack)), line)
            if was_closed and not begins and not closes and not depth and not around:
                stack.append(_Open("preamble", "preamble", 0, line))
        if begins == "role":
            end(0, line)
            around = True
        elif begins and mark is not None:
            # A preamble ends at any section; a heading at one of its level or above.
            inner = max((at for at, opened in enumerate(stack) if opened.kind == "tag"), default=-1)
            limit = mark.level if begins == "heading" else 7
            keep = inner + 1
            while (
                keep < len(stack)
                and stack[keep].kind != "preamble"
                and (stack[keep].kind == "role" or stack[keep].level < limit)
            ):
                keep += 1
            end(keep, line)
            around = around or (begins == "heading" and not depth)
        if closes:
            innermost = max(at for at, opened in enumerate(stack) if opened.kind == "tag")
            end(innermost + 1, line)
            stack[innermost].closed = True
        if begins and mark is not None:
            level = mark.level if begins == "heading" else depth + 1 if begins == "tag" else 0
            mark.section = begins
            stack.append(_Open(begins, title(mark), level, line))
        if begins == "role" and mark is not None:
            unsent.append(
                (starts[line], starts[line] + mark.size if mark.size else starts[line + 1])
            )
        elif mark is not None and mark.kind is Kind.COMMENT and mark.level == 1:
            unsent.append((starts[line], starts[line + 1]))
    end(0, len(lines))
    model.sections.sort(key=lambda section: (section.line, -section.end_line))
    model.sections = [
        section for section in model.sections if starts[section.end_line] > starts[section.line]
    ]
    if front is not None:
        unsent.insert(0, (0, starts[model.sections[0].end_line]))
    position = 0
    for start, stop in unsent:
        model.sent += text[position:start]
        position = stop
    model.sent += text[position:]
    return model


def _front_matter(lines: list[str], marks: dict[int, Mark], dialect: Dialect) -> int | None:
    """The line that ends the front matter."""
    first = 0
    if dialect.header_comments:
        while first < min(len(lines) - 1, 50) and lines[first].strip()[:1] in ("", "#"):
            first += 1
    rules = [
        line for line, mark in sorted(marks.items()) if mark.kind is Kind.RULE and mark.level >= 3
    ]
    if not rules or rules[0] != first or marks[first].level != 3:
        return None
    return rules[1] if len(rules) > 1 else None


def _live(marks: dict[int, Mark], front: int | None) -> dict[int, Mark]:
    """The marks that stand in neither front matter nor a fence nor a comment."""
    live = {}
    fence: Mark | None = None
    comment = False
    for line, mark in sorted(marks.items()):
        if front is not None and line <= front:
            continue
        if fence is not None:
            if (mark.kind, mark.name) == (Kind.FENCE, fence.name) and mark.closes:
                fence = None if mark.size >= fence.size else fence
        elif comment:
            comment = "-->" not in mark.text or not mark.closes
        else:
            live[line] = mark
            fence = mark if mark.kind is Kind.FENCE else None
            comment = mark.kind is Kind.COMMENT and not mark.closes
    return live


def _matched(live: dict[int, Mark]) -> set[int]:
    """The lines of tags that are closed, and the lines that close them."""
    matched: set[int] = set()
    opened: list[tuple[str, int]] = []
    for line, mark in live.items():
        if mark.kind is Kind.ROLE:
            opened.clear()
        elif mark.kind is Kind.TAG_OPEN:
            opened.append((mark.name, line))
        elif mark.kind is Kind.TAG_CLOSE and mark.name in (name for name, _ in opened):
            while opened[-1][0] != mark.name:
                opened.pop()
            matched |= {opened.pop()[1], line}
    return matched
