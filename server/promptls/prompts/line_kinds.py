"""What a line may be by itself: one reader for each character that such lines begin with."""

from __future__ import annotations

import re
from collections.abc import Callable

from promptls.prompts.marks import Kind, Mark

_HEADING = re.compile(r" {0,3}(#{1,6})(?=[ \t]|$)")
_RULE = re.compile(r" {0,3}(?:(=+)|(-+)|(\.\.\.))[ \t]*$")
_DIRECTIVE = re.compile(r" {0,3}<!--[ \t]*promptls:.*-->[ \t]*$")
_TAG = re.compile(r" {0,3}<(/?)([A-Za-z][\w.:-]*)(?:[ \t][^<>]*)?[ \t]*>[ \t]*$")


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


READERS: dict[str, Callable[[str, str], Mark | None]] = {
    "#": _heading,
    "=": _rule,
    "-": _rule,
    ".": _rule,
    "`": _fence,
    "~": _fence,
    "<": _angle,
}
"""By first character that is no blank: takes the line, and the line without leading blanks."""
