"""The marks of a document in order, searchable by line and by rank."""

from __future__ import annotations

import re
from functools import cache

from promptls.prompts.marks import NO_RANK, Mark
from promptls.text.sum_tree import Cursor, SumTree

LINES, CHARACTERS, COUNTS = 0, 1, 2

_EXPANDED = 40
OWN = (1 << _EXPANDED) - 1
"""The bits of a weight that hold the own tokens."""


def pack(tokens: int, expanded: int) -> int:
    """Own and expanded tokens in one weight, so that one sum adds both."""
    return tokens + (expanded << _EXPANDED)


def unpack(weight: int) -> tuple[int, int]:
    """(own tokens, expanded tokens) of a sum of weights."""
    return weight & OWN, weight >> _EXPANDED


@cache
def _at_most(rank: int) -> re.Pattern[bytes]:
    return re.compile(b"[\\x00-" + re.escape(bytes([rank])) + b"]", re.DOTALL)


class MarkTree(SumTree[Mark]):
    """Marks with weights (lines, characters, packed tokens) of the text up to the next mark.

    Beside the sums, the lowest rank in each leaf is kept, so that the end of a section is found
    without looking at what lies in it.
    """

    __slots__ = ("_lowest",)

    def _index_leaves(self) -> None:
        super()._index_leaves()
        self._lowest = bytearray(
            min((mark.rank for mark in leaf.items), default=NO_RANK) for leaf in self._leaves
        )

    def ranks_changed(self, number: int) -> None:
        """Tell that ranks in a leaf are others now."""
        items = self._leaves[number].items
        self._lowest[number] = min((mark.rank for mark in items), default=NO_RANK)

    def all_ranks_changed(self) -> None:
        """Tell that ranks anywhere are others now."""
        for number in range(len(self._leaves)):
            self.ranks_changed(number)

    def _replace_in_leaf(
        self, number: int, start: int, stop: int, entries: list[tuple[Mark, int, int, int]]
    ) -> None:
        super()._replace_in_leaf(number, start, stop, entries)
        self.ranks_changed(number)

    def next_at_most(self, cursor: Cursor, rank: int) -> Cursor:
        """The first mark from the cursor on whose rank is `rank` or lower, or the end."""
        leaf = self._leaves[cursor.leaf]
        for index in range(cursor.index, len(leaf.items)):
            if leaf.items[index].rank <= rank:
                return self._cursor(cursor.leaf, index)
        found = _at_most(rank).search(self._lowest, cursor.leaf + 1)
        if found is None:
            last = len(self._leaves) - 1
            return self._cursor(last, len(self._leaves[last].items))
        number = found.start()
        items = self._leaves[number].items
        index = next(at for at, mark in enumerate(items) if mark.rank <= rank)
        return self._cursor(number, index)

    def last_at_most(self, cursor: Cursor, rank: int) -> Cursor | None:
        """The last mark before the cursor whose rank is `rank` or lower, or None."""
        index = cursor.index
        for number in range(cursor.leaf, -1, -1):
            items = self._leaves[number].items
            if number != cursor.leaf:
                if self._lowest[number] > rank:
                    continue
                index = len(items)
            for at in range(index - 1, -1, -1):
                if items[at].rank <= rank:
                    return self._cursor(number, at)
        return None

    def _cursor(self, number: int, index: int) -> Cursor:
        a, b, c = self._before_leaf(number)
        weights = self._leaves[number].weights
        return Cursor(
            number,
            index,
            a + sum(weights[0][:index]),
            b + sum(weights[1][:index]),
            c + sum(weights[2][:index]),
        )
