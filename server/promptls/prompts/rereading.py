"""The marks of the lines around an edit, found anew."""

from __future__ import annotations

from promptls.prompts.line_grammar import LineGrammar
from promptls.prompts.marks import LINE_LIMIT, Found, Kind, Mark
from promptls.prompts.references import REFERENCE_LIMIT
from promptls.text import TextBuffer


def reread(
    buffer: TextBuffer, grammar: LineGrammar, first: int, stop: int, limit: int
) -> list[Found]:
    """The marks of the lines from `first` up to `stop`, or up to `limit` while one leads on."""
    # One line before for a title that the first line underlines; one behind for an underline.
    begin = max(first - 1, 0)
    lines = [buffer.line_text(line, REFERENCE_LIMIT) for line in range(begin, min(stop, limit))]
    number = begin + len(lines)
    if number < buffer.line_count:
        lines.append(buffer.line_text(number, REFERENCE_LIMIT))
        while number + 1 < limit and not lines[-1].strip(" \t"):
            number += 1
            lines.append(buffer.line_text(number, REFERENCE_LIMIT))
    return [
        item
        for item in grammar.scan_lines(lines, begin)
        if first <= item.line < stop or (stop <= item.line < limit and item.mark.kind is Kind.AFTER)
    ]


def leads_to(buffer: TextBuffer, found: list[Found], following: Mark, line: int) -> bool:
    """Whether the mark behind those found, on `line`, is an AFTER mark now and was none before."""
    if not found or not found[-1].mark.leads_to_after:
        return False
    if following.kind not in (Kind.COMMENT_END, Kind.REFERENCE):
        return False
    between = range(found[-1].line + 1, line)
    return all(not buffer.line_text(number, LINE_LIMIT).strip(" \t") for number in between)
