"""From the lines of a front matter block to what it says to promptls."""

from __future__ import annotations

import re
from collections.abc import Sequence

from promptls.findings import Finding, Range
from promptls.prompts.front_matter.entries import quoting_fix, read_entries
from promptls.prompts.front_matter.model import FrontMatter
from promptls.prompts.front_matter.settings import WANTED_KEYS, front_matter_of
from promptls.prompts.front_matter.yaml_reading import Refusal, read_yaml

MAX_SIZE = 64 * 1024
"""Characters of a block that are read; what is longer is no front matter that a person wrote."""

_MENTIONS_WANTED = re.compile(
    rf"""(?:^|[\s{{,?"'])(?:{"|".join(sorted(WANTED_KEYS))})["']?\s*:""", re.MULTILINE
)


def parse_front_matter(lines: Sequence[str], first_line: int = 0) -> FrontMatter:
    """Read a block: its opening fence, its content and its closing fence, a line each.

    `first_line` is the number of the opening fence in its document; line ends may be there or
    not. Never raises. A block that names no key of ours is not parsed at all, so a mistake in it
    is no finding; where YAML refuses a block that does, the finding `front-matter/invalid` tells
    why, and each entry is then read for itself.
    """
    end_line = first_line + len(lines) - 1
    content = [line.rstrip("\r\n") for line in lines[1:-1]]
    content_line = first_line + 1
    text = "\n".join(content)
    if not _MENTIONS_WANTED.search(text):
        return FrontMatter(end_line)
    if len(text) > MAX_SIZE:
        message = (
            f"This front matter is longer than {MAX_SIZE // 1024} KB; the settings in it are not "
            "read. Shorten it, or close it with `---` where it ends."
        )
        head = Range.of(first_line, 0, first_line, len(lines[0].rstrip("\r\n")))
        finding = Finding("front-matter/invalid", "warning", head, message)
        return FrontMatter(end_line, findings=(finding,))
    reading = read_yaml(content, content_line, WANTED_KEYS)
    if isinstance(reading, Refusal):
        finding = _invalid(content, content_line, reading)
        entries = read_entries(content, content_line, WANTED_KEYS)
        return front_matter_of(entries, end_line, (finding,))
    return front_matter_of(reading, end_line)


def _invalid(content: Sequence[str], content_line: int, refusal: Refusal) -> Finding:
    fix = quoting_fix(content, content_line, refusal)
    way_out = "Put quotes around the value" if fix else "Correct the line"
    message = (
        f"This front matter is not valid YAML: {refusal.problem}. {way_out}; until then tools that "
        "read YAML drop all of it."
    )
    range_ = fix.range if fix else _to_line_end(content, content_line, refusal)
    fixes = (fix,) if fix else ()
    return Finding("front-matter/invalid", "warning", range_, message, fixes=fixes)


def _to_line_end(content: Sequence[str], content_line: int, refusal: Refusal) -> Range:
    line = content[refusal.line - content_line]
    end = len(line.rstrip())
    start = min(refusal.character, end)
    if start == end:
        start = len(line) - len(line.lstrip())
    return Range.of(refusal.line, min(start, end), refusal.line, end)
