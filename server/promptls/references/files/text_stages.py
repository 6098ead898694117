"""What happens to text on its way from a file into a prompt, piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from promptls.text.lines import after_break, count_breaks


def without_final_break(pieces: Iterable[str]) -> Iterator[str]:
    r"""Drop one line break (`\r\n`, `\n` or `\r`) at the very end."""
    held = ""
    for piece in pieces:
        text = held + piece
        held = _final_break(text)
        if len(text) > len(held):
            yield text[: len(text) - len(held)]


def _final_break(text: str) -> str:
    return next((one for one in ("\r\n", "\n", "\r") if text.endswith(one)), "")


class LineCut:
    """Keeps some of the lines of a text."""

    def __init__(self, first: int, last: int | None) -> None:
        self._first = first
        self._last = last
        self.lines_seen = 1
        """How many lines were come by; fewer than `first` when there is no such line."""

    def apply(self, pieces: Iterable[str]) -> Iterator[str]:
        """The text of the lines from `first` to `last` (counted from 1), breaks included.

        Stops reading where the last of them ends.
        """
        for text in _unbroken(pieces):
            kept = text
            if self.lines_seen < self._first:
                breaks = count_breaks(kept)
                wanted = self._first - self.lines_seen
                self.lines_seen += min(breaks, wanted)
                if breaks < wanted:
                    continue
                kept = kept[after_break(kept, wanted) :]
            breaks = count_breaks(kept)
            if self._last is not None and breaks > self._last - self.lines_seen:
                yield kept[: after_break(kept, self._last - self.lines_seen + 1)]
                return
            self.lines_seen += breaks
            if kept:
                yield kept


def _unbroken(pieces: Iterable[str]) -> Iterator[str]:
    r"""The same text with no `\r\n` across two pieces."""
    held = ""
    for piece in pieces:
        text = held + piece
        held = "\r" if text.endswith("\r") else ""
        yield text[: len(text) - len(held)]
    if held:
        yield held
