"""Where the segments of a rendered prompt stand in what they are from."""

from __future__ import annotations

from bisect import bisect_right

from promptls.findings import Position, Range
from promptls.report.rendering import Rendered
from promptls.text import PositionEncoding
from promptls.text.lines import line_starts
from promptls.text.units import count_units


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
