"""Where front matter begins and ends: the marks of its two fences."""

from __future__ import annotations

from promptls.prompts.dialects.model import Dialect
from promptls.prompts.mark_tree import MarkTree
from promptls.prompts.marks import LINE_LIMIT, Kind, Mark
from promptls.prompts.resolve import FRONT_MATTER_LINES
from promptls.text import TextBuffer

HEADER_LINES = 50
"""Lines of comments that may stand above front matter, in dialects that allow them."""


def find_front_matter(
    tree: MarkTree, buffer: TextBuffer, dialect: Dialect
) -> tuple[int, int] | None:
    """The numbers of the marks that open and close the front matter."""
    opening = None
    opening_line = line = 0
    for number, (mark, lines, _, _) in enumerate(tree.iterate(tree.start())):
        if line > FRONT_MATTER_LINES:
            return None
        if mark.kind is Kind.RULE and mark.level >= 3:
            if opening is not None:
                # A header of comments belongs to the front matter below it.
                return (opening if opening_line == 0 else 0), number
            if mark.level == 4 or not _may_open(line, buffer, dialect):
                return None
            opening, opening_line = number, line
        line += lines
    return None


def front_matter_lines(tree: MarkTree, closing: Mark) -> tuple[int, int] | None:
    """The line of the opening fence and the line behind the closing one."""
    first = None
    line = 0
    for mark, lines, _, _ in tree.iterate(tree.start()):
        if mark is closing:
            return first or 0, line + 1
        if first is None and mark.kind is Kind.RULE and mark.level == 3:
            first = line
        line += lines
    return None


def _may_open(line: int, buffer: TextBuffer, dialect: Dialect) -> bool:
    """Whether front matter may begin on a line: the first, or below a header of comments."""
    if line == 0:
        return True
    if not dialect.header_comments or line > HEADER_LINES:
        return False
    above = (buffer.line_text(number, LINE_LIMIT).strip() for number in range(line))
    return all(not text or text.startswith("#") for text in above)
