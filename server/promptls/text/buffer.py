"""The text of an open document, kept in chunks so that an edit touches only where it falls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from promptls.text.lines import after_break, count_breaks, line_end
from promptls.text.sum_tree import Cursor, SumTree
from promptls.text.units import (
    PositionEncoding,
    count_units,
    is_high_surrogate,
    is_low_surrogate,
    join_pairs,
    split_pair,
    units_to_characters,
)

CHUNK_FILL = 2048
"""Characters in a chunk as it is made; 512 to 4,096 measured about equal (docs/architecture.md)."""
CHUNK_MAX = 4096
_CHARACTERS, _BREAKS, _UNITS = 0, 1, 2


class Edit(NamedTuple):
    """One content change of LSP: `text` in place of a range, or of everything.

    `range` is (start line, start character, end line, end character) in code units of the
    buffer's position encoding.
    """

    range: tuple[int, int, int, int] | None
    text: str


class Change(NamedTuple):
    """What an edit did, in characters (code points) and lines."""

    start: int
    """Offset of the first character that was removed or inserted."""
    removed: str
    inserted: str
    first_line: int
    """The first line that the edit touched."""
    old_lines: int
    """How many lines it touched, as they stood before."""
    new_lines: int
    """How many lines stand there now."""


class TextBuffer:
    r"""Lines, positions and edits of one text.

    Lines end at `\n`, `\r\n` or `\r`. Offsets count characters (code points); positions are
    (line, character) with the character in code units of `encoding`. Positions past the end of a
    line or of the text clamp to it, as LSP says.
    """

    __slots__ = ("_near", "_tree", "encoding")

    def __init__(self, text: str = "", encoding: PositionEncoding = "utf-16") -> None:
        self.encoding: PositionEncoding = encoding
        self._tree: SumTree[str] = SumTree(self._entries(join_pairs(text)))
        # The chunk that was found last: what is done to an edit's text keeps to one chunk.
        self._near = self._tree.start()

    def _entries(self, text: str) -> list[tuple[str, int, int, int]]:
        encoding = self.encoding
        return [
            (
                chunk,
                len(chunk),
                count_breaks(chunk),
                len(chunk) if chunk.isascii() else count_units(chunk, encoding),
            )
            for chunk in _chunks(text)
        ]

    def __len__(self) -> int:
        return self._tree.totals()[_CHARACTERS]

    @property
    def line_count(self) -> int:
        """Lines, the last one (perhaps empty) included: 1 for an empty text."""
        return self._tree.totals()[_BREAKS] + 1

    def text(self) -> str:
        """The whole text, put together anew: its cost grows with its size."""
        return "".join(self._tree.items())

    def slice(self, start: int, stop: int) -> str:
        """Characters from `start` up to, not including, `stop`."""
        if stop <= start:
            return ""
        at = self._at(start)
        if self._tree.is_end(at):
            return ""
        first = self._tree.item(at)
        if stop - at.a <= len(first):
            return first[start - at.a : stop - at.a]
        parts = []
        position = at.a
        for chunk, length, _, _ in self._tree.iterate(at):
            parts.append(chunk[max(start - position, 0) : stop - position])
            position += length
            if position >= stop:
                break
        return "".join(parts)

    def window(self, offset: int) -> tuple[int, str]:
        """The chunk that holds the character at `offset`, with the offset where it begins."""
        at = self._at(offset)
        return at.a, (self._tree.item(at) if not self._tree.is_end(at) else "")

    def chunks(self, start: int = 0) -> Iterator[tuple[int, str]]:
        """(offset, chunk) from the chunk that holds `start` to the end."""
        at = self._at(start)
        position = at.a
        for chunk, length, _, _ in self._tree.iterate(at):
            yield position, chunk
            position += length

    def line_start(self, line: int) -> int:
        """The offset of the first character of a line; the end of the text behind the last line."""
        return self._line_start(line)[1]

    def line_of(self, offset: int) -> int:
        """The line that holds the character at `offset` (the last line at the end)."""
        at = self._at(offset)
        if self._tree.is_end(at):
            return at.b
        chunk = self._tree.item(at)
        line = at.b + count_breaks(chunk[: offset - at.a])
        inside = offset - at.a
        if 0 < inside < len(chunk) and chunk[inside - 1] == "\r" and chunk[inside] == "\n":
            line -= 1
        return line

    def line_end(self, line: int) -> int:
        """The offset of a line's line break, or of the end of the text."""
        return self._line_end(*self._line_start(line))

    def line_text(self, line: int, limit: int | None = None) -> str:
        """A line without its line break, of a long one no more than `limit` characters."""
        at, start = self._line_start(line)
        if limit is not None and not self._tree.is_end(at):
            chunk = self._tree.item(at)
            stop = line_end(chunk, start - at.a)
            if stop >= 0:
                return chunk[start - at.a : min(stop, start - at.a + limit)]
        stop = self._line_end(at, start)
        return self.slice(start, stop if limit is None else min(stop, start + limit))

    def line_length(self, line: int) -> int:
        """The length of a line without its line break, in code units."""
        at, start = self._line_start(line)
        stop = self._line_end(at, start)
        return self._units_before(stop) - self._units_before(start)

    def offset_at(self, line: int, character: int) -> int:
        """The offset of a position, clamped to its line and to the text."""
        return self._offset_at(line, character)[0]

    def position_at(self, offset: int) -> tuple[int, int]:
        """The position (line, character) of an offset."""
        line = self.line_of(offset)
        start = self.line_start(line)
        return line, self._units_before(offset) - self._units_before(start)

    def apply(self, edit: Edit) -> Change:
        """Change the text and tell what changed."""
        if edit.range is None:
            return self._reset(edit.text)
        start_line, start_character, end_line, end_character = edit.range
        if (end_line, end_character) < (start_line, start_character):
            start_line, start_character, end_line, end_character = (
                end_line,
                end_character,
                start_line,
                start_character,
            )
        new = edit.text
        start, start_inside, at = self._offset_at(start_line, start_character)
        if (end_line, end_character) == (start_line, start_character):
            stop, stop_inside = start, start_inside
        else:
            stop, stop_inside, _ = self._offset_at(end_line, end_character)
        if start_inside:
            new = split_pair(self.slice(start, start + 1))[0] + new
        if stop_inside:
            new += split_pair(self.slice(stop, stop + 1))[1]
            stop += 1
        return self._splice(start, stop, new, at)

    def replace(self, start: int, stop: int, text: str) -> Change:
        """Put `text` in the place of the characters from `start` up to `stop`."""
        size = len(self)
        start = min(max(start, 0), size)
        stop = min(max(stop, start), size)
        return self._splice(start, stop, text, self._at(start))

    def _reset(self, text: str) -> Change:
        text = join_pairs(text)
        removed = self.text()
        old_lines = self.line_count
        self._tree = SumTree(self._entries(text))
        self._near = self._tree.start()
        return Change(0, removed, text, 0, old_lines, self.line_count)

    def _splice(self, start: int, stop: int, new: str, at: Cursor) -> Change:
        tree = self._tree
        if not tree.is_end(at):
            # The common edit: inside one chunk, clear of its ends, where no seam can arise.
            chunk = tree.item(at)
            first, last = start - at.a, stop - at.a
            length = len(chunk) + len(new) - (last - first)
            if first > 0 and last < len(chunk) and length <= CHUNK_MAX:
                before, after = chunk[first - 1], chunk[last]
                if not (before == "\r" or after == "\n" or before >= "\ud800" or after >= "\ud800"):
                    removed = chunk[first:last]
                    if not new.isascii():
                        new = join_pairs(new)
                    line = at.b + count_breaks(chunk[:first])
                    old_breaks, new_breaks = count_breaks(removed), count_breaks(new)
                    encoding = self.encoding
                    tree.put(at, chunk[:first] + new + chunk[last:])
                    tree.add(
                        at,
                        len(new) - len(removed),
                        new_breaks - old_breaks,
                        count_units(new, encoding) - count_units(removed, encoding),
                    )
                    return Change(start, removed, new, line, old_breaks + 1, new_breaks + 1)
        return self._splice_chunks(start, stop, new)

    def _splice_chunks(self, start: int, stop: int, new: str) -> Change:
        """The general edit: any place, any size; seams are looked at on both sides."""
        tree = self._tree
        new = join_pairs(new)
        before = self.slice(start - 1, start) if start else ""
        after = self.slice(stop, stop + 1)
        # Half a pair on either side joins with its other half across the seam.
        if before and is_high_surrogate(before) and new[:1] and is_low_surrogate(new[0]):
            start, new = start - 1, join_pairs(before + new)
        elif before and is_high_surrogate(before) and not new and after and is_low_surrogate(after):
            start, stop, new = start - 1, stop + 1, join_pairs(before + after)
        if new and is_high_surrogate(new[-1]) and stop < len(self):
            after = self.slice(stop, stop + 1)
            if is_low_surrogate(after):
                stop, new = stop + 1, new[:-1] + join_pairs(new[-1] + after)
        removed = self.slice(start, stop)
        # A line that ends or begins with half of `\r\n` is touched by what happens to the other.
        touched_start = start - 1 if start and self.slice(start - 1, start) == "\r" else start
        touched_stop = stop + 1 if self.slice(stop, stop + 1) == "\n" else stop
        first_line = self.line_of(touched_start)
        old_lines = self.line_of(touched_stop) - first_line + 1
        old_count = self.line_count

        first = tree.find(_CHARACTERS, max(start - 1, 0))
        last = tree.find(_CHARACTERS, stop)
        if not tree.is_end(last):
            last = tree.next(last)
        joined = self.slice(first.a, start) + new + self.slice(stop, last.a)
        if len(joined) < CHUNK_FILL // 4 and not tree.is_end(last):
            last = tree.next(last)
            joined += self.slice(stop, last.a)[len(joined) - (start - first.a) - len(new) :]
        tree.replace(first, last, self._entries(joined))
        self._near = tree.start()
        return Change(
            start, removed, new, first_line, old_lines, old_lines + self.line_count - old_count
        )

    def _at(self, offset: int) -> Cursor:
        """The chunk that holds the character at `offset`; at the end of the text, the last one."""
        tree = self._tree
        near = self._near
        if near.a <= offset and not tree.is_end(near) and offset < near.a + len(tree.item(near)):
            return near
        at = tree.find(_CHARACTERS, offset)
        if tree.is_end(at):
            return tree.previous(at) or at
        self._near = at
        return at

    def _line_start(self, line: int) -> tuple[Cursor, int]:
        tree = self._tree
        if line <= 0:
            return tree.start(), 0
        near = self._near
        if near.b < line and not tree.is_end(near) and line <= near.b + tree.weights(near)[_BREAKS]:
            at = near
        else:
            at = tree.find(_BREAKS, line - 1)
            if tree.is_end(at):
                return at, at.a
            self._near = at
        chunk = tree.item(at)
        inside = after_break(chunk, line - at.b)
        if inside == len(chunk):
            at = tree.next(at)
            return at, at.a
        return at, at.a + inside

    def _line_end(self, at: Cursor, start: int) -> int:
        position = at.a
        tree = self._tree
        if tree.is_end(at):
            return start
        chunk = tree.item(at)
        found = line_end(chunk, start - position)
        if found >= 0:
            return position + found
        following = tree.find(_BREAKS, at.b + tree.weights(at)[_BREAKS])
        if tree.is_end(following):
            return following.a
        return following.a + line_end(tree.item(following), 0)

    def _offset_at(self, line: int, character: int) -> tuple[int, bool, Cursor]:
        """(offset, whether it lies inside a surrogate pair, its chunk)."""
        tree = self._tree
        if line < 0:
            return 0, False, tree.start()
        at, start = self._line_start(line)
        if character <= 0 or tree.is_end(at):
            return start, False, at
        chunk = tree.item(at)
        inside = start - at.a
        stop = line_end(chunk, inside)
        if stop >= 0:
            if chunk.isascii():
                return min(start + character, at.a + stop), False, at
            count, half = units_to_characters(chunk[inside:stop], character, self.encoding)
            return start + count, half, at
        return self._offset_in_long_line(at, start, character)

    def _offset_in_long_line(
        self, at: Cursor, start: int, character: int
    ) -> tuple[int, bool, Cursor]:
        tree = self._tree
        stop = self._line_end(at, start)
        units = self._units_before(start) + character
        if units >= self._units_before(stop):
            return stop, False, self._at(stop)
        at = tree.find(_UNITS, units)
        count, half = units_to_characters(tree.item(at), units - at.c, self.encoding)
        return at.a + count, half, at

    def _units_before(self, offset: int) -> int:
        at = self._at(offset)
        if self._tree.is_end(at):
            return at.c
        chunk = self._tree.item(at)
        if chunk.isascii():
            return at.c + offset - at.a
        return at.c + count_units(chunk[: offset - at.a], self.encoding)


def _chunks(text: str) -> Iterator[str]:
    r"""Cut a text into chunks, at line starts where there are some, never inside `\r\n`."""
    size = len(text)
    start = 0
    while size - start > CHUNK_MAX:
        stop = text.find("\n", start + CHUNK_FILL, start + CHUNK_MAX) + 1
        if not stop:
            stop = start + CHUNK_FILL
            if text[stop - 1] == "\r" and text[stop] == "\n":
                stop += 1
        yield text[start:stop]
        start = stop
    if start < size:
        yield text[start:]
