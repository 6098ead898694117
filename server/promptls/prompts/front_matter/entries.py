"""The tolerant reading of front matter that is not YAML as a whole.

Many tools read front matter line by line and so accept `description: Use when: …`. One such line
must not cost the reader the `model` on the next, so each top-level entry is read for itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from promptls.findings import Fix, Range
from promptls.prompts.front_matter.yaml_reading import Reading, Refusal, read_yaml

_ENTRY = re.compile(r"""(?P<quote>["']?)(?P<key>[A-Za-z_][\w-]*)(?P=quote)[ \t]*:(?=[ \t]|$)""")
_BEGINS_OTHERWISE = ("'", '"', "|", ">")


@dataclass(frozen=True, slots=True)
class Entry:
    """A key at the beginning of a line, with all lines up to the next that is not its own."""

    key: str
    start: int
    """Index of its first line."""
    end: int
    """Index after its last line."""
    key_span: tuple[int, int]
    value_start: int
    """Column of the value on the first line; the line's length where there is none."""


def read_entries(lines: Sequence[str], first_line: int, wanted: AbstractSet[str]) -> Reading:
    """Read the wanted entries of a block that YAML refuses; one refused alone is plain text."""
    together = Reading({}, {})
    for entry in _entries(lines):
        if entry.key not in wanted:
            continue
        line = first_line + entry.start
        reading = read_yaml(lines[entry.start : entry.end], line, wanted)
        if isinstance(reading, Refusal):
            text = lines[entry.start][entry.value_start :].strip()
            if not text:
                continue
            start, end = entry.key_span
            reading = Reading({entry.key: text}, {(entry.key,): Range.of(line, start, line, end)})
        together.values.update(reading.values)
        together.key_ranges.update(reading.key_ranges)
    return together


def quoting_fix(lines: Sequence[str], first_line: int, refusal: Refusal) -> Fix | None:
    """Put quotes around the value that YAML stumbled over, where that helps."""
    index = refusal.line - first_line
    for entry in _entries(lines):
        if not entry.start <= index < entry.end:
            continue
        value = lines[entry.start][entry.value_start :].rstrip()
        several = any(line.strip() for line in lines[entry.start + 1 : entry.end])
        if not value or several or value.startswith(_BEGINS_OTHERWISE):
            return None
        if isinstance(read_yaml([lines[entry.start]], 0, frozenset()), Reading):
            return None
        start = entry.value_start
        return Fix(
            f"Put quotes around the value of `{entry.key}`",
            Range.of(refusal.line, start, refusal.line, start + len(value)),
            json.dumps(value, ensure_ascii=False),
        )
    return None


def _entries(lines: Sequence[str]) -> Iterator[Entry]:
    starts = [(index, match) for index, line in enumerate(lines) if (match := _ENTRY.match(line))]
    for index, match in starts:
        end = index + 1
        while end < len(lines) and _continues(lines[end]):
            end += 1
        line = lines[index]
        value_start = len(line) - len(line[match.end() :].lstrip(" \t"))
        yield Entry(match["key"], index, end, match.span("key"), value_start)


def _continues(line: str) -> bool:
    """Whether a line belongs to the entry above: indented, empty, a comment or a list item."""
    return not line or line[0] in " \t#" or line.startswith("- ") or line == "-"
