"""Lines of one whole text: where they begin and end, and their numbers."""

from __future__ import annotations

from promptls.text.lines import count_breaks


class TextLines:
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

    def content(self, start: int, limit: int) -> str:
        """The line that begins at `start`, at most `limit` characters of it."""
        return self._text[start : min(self.end(start), start + limit)]

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
