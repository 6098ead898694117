"""Where the segments of a rendered prompt stand in what they are from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from promptls.findings import Position, Range
from promptls.report.rendering import Plan, Rendered
from promptls.text import PositionEncoding, TextBuffer
from promptls.text.lines import line_starts
from promptls.text.units import count_units


def own_ranges(taken: Plan, buffer: TextBuffer) -> list[Range]:
    """Where the segments of the document itself stand in it, in their order."""
    return [
        Range(
            Position(*buffer.position_at(start)), Position(*buffer.position_at(start + len(text)))
        )
        for start, text in taken.literals()
    ]


def segments_to_json(
    segments: Sequence[Rendered], own: Sequence[Range], key: str, encoding: PositionEncoding
) -> list[dict[str, Any]]:
    """The segments of `promptls/render`, their tokens not counted yet (None).

    `own` are the ranges of the document's own segments; `key` is what it is called as `uri`.
    Offsets count characters of the rendered text, columns code units of `encoding`.
    """
    ranges, places = iter(own), ContentRanges(encoding)
    found: list[dict[str, Any]] = []
    start = 0
    for segment in segments:
        content, stop = segment.content, start + len(segment.text)
        is_own = content is None and segment.start >= 0
        range_ = next(ranges) if is_own else places.of(segment)
        found.append(
            {
                "start": start,
                "end": stop,
                "uri": key if is_own else content and content.uri,
                "range": range_ and range_.to_json(),
                "tokens": None,
            }
        )
        start = stop
    return found


class ContentRanges:
    """The ranges of segments in the contents that they are from."""

    def __init__(self, encoding: PositionEncoding) -> None:
        self._encoding = encoding
        self._starts: dict[str, list[int]] = {}

    def of(self, segment: Rendered) -> Range | None:
        """The range of a segment in its content; None for what is from no content."""
        content = segment.content
        if content is None:
            return None
        whole = segment.whole
        starts = self._starts.get(content.key)
        if starts is None:
            starts = self._starts[content.key] = line_starts(whole)
        return Range(
            self._position(whole, starts, segment.start),
            self._position(whole, starts, segment.start + len(segment.text)),
        )

    def _position(self, text: str, starts: list[int], offset: int) -> Position:
        line = bisect_right(starts, offset) - 1
        return Position(line, count_units(text[starts[line] : offset], self._encoding))
