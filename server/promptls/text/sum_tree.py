"""An ordered sequence of weighted items with prefix sums in O(log n).

Items stand in leaves of a few dozen; a Fenwick tree over the leaves holds their sums. That is two
levels for any size: an item is found, or its weights changed, with about log2(n / 48) steps in
Python and one pass of C code over a leaf.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Generic, NamedTuple, TypeVar

LEAF_MAX = 64
_LEAF_FILL = 48

T = TypeVar("T")


class Cursor(NamedTuple):
    """A place in a tree: an item, and the sums of the weights of all items before it."""

    leaf: int
    index: int  # type: ignore[assignment]  # hides tuple.index, which no cursor needs
    a: int
    b: int
    c: int


class _Leaf(Generic[T]):
    __slots__ = ("items", "sums", "weights")

    def __init__(self, entries: list[tuple[T, int, int, int]]) -> None:
        self.items = [entry[0] for entry in entries]
        self.weights = (
            [entry[1] for entry in entries],
            [entry[2] for entry in entries],
            [entry[3] for entry in entries],
        )
        self.sums = [sum(self.weights[0]), sum(self.weights[1]), sum(self.weights[2])]

    def entries(self, start: int, stop: int) -> list[tuple[T, int, int, int]]:
        a, b, c = self.weights
        return list(
            zip(self.items[start:stop], a[start:stop], b[start:stop], c[start:stop], strict=True)
        )


class SumTree(Generic[T]):
    """Items in order, each with three integer weights `a`, `b`, `c` (none negative).

    A cursor is valid until the next `replace`; `add` and `put` keep cursors valid but not their
    sums. Weights are numbered 0, 1, 2 in the order a, b, c.
    """

    __slots__ = ("_before_near", "_fenwicks", "_leaves", "_near", "_step")

    def __init__(self, entries: Iterable[tuple[T, int, int, int]] = ()) -> None:
        self._fill(list(entries))

    def _fill(self, entries: list[tuple[T, int, int, int]]) -> None:
        self._leaves = [
            _Leaf(entries[at : at + _LEAF_FILL]) for at in range(0, len(entries), _LEAF_FILL)
        ] or [_Leaf[T]([])]
        self._index_leaves()

    def _index_leaves(self) -> None:
        """Build the Fenwick trees anew, in one pass each."""
        count = len(self._leaves)
        # The leaf that was found last, and the sums before it: edits keep to one place.
        self._near = 0
        self._before_near = [0, 0, 0]
        self._fenwicks: tuple[list[int], list[int], list[int]] = ([], [], [])
        for dimension, tree in enumerate(self._fenwicks):
            tree.append(0)
            tree.extend(leaf.sums[dimension] for leaf in self._leaves)
            for at in range(1, count + 1):
                parent = at + (at & -at)
                if parent <= count:
                    tree[parent] += tree[at]
        self._step = 1 << (count.bit_length() - 1)

    def __len__(self) -> int:
        return sum(len(leaf.items) for leaf in self._leaves)

    def totals(self) -> tuple[int, int, int]:
        """The sums of all weights."""
        return self._before_leaf(len(self._leaves))

    def _before_leaf(self, number: int) -> tuple[int, int, int]:
        tree_a, tree_b, tree_c = self._fenwicks
        a = b = c = 0
        while number:
            a += tree_a[number]
            b += tree_b[number]
            c += tree_c[number]
            number &= number - 1
        return a, b, c

    def find(self, dimension: int, value: int) -> Cursor:
        """The first item whose prefix sum, itself included, is greater than `value`.

        Past the end, the cursor stands behind the last item.
        """
        leaves = self._leaves
        at = self._near
        before = self._before_near
        rest = value - before[dimension]
        if not 0 <= rest < leaves[at].sums[dimension]:
            at, rest = self._find_leaf(dimension, value)
            if at == len(leaves):
                return Cursor(at - 1, len(leaves[at - 1].items), *self.totals())
            before = self._before_near
        weights = leaves[at].weights
        a, b, c = before
        index = bisect_right(list(accumulate(weights[dimension])), rest)
        if index:
            a += sum(weights[0][:index])
            b += sum(weights[1][:index])
            c += sum(weights[2][:index])
        return Cursor(at, index, a, b, c)

    def _find_leaf(self, dimension: int, value: int) -> tuple[int, int]:
        """The leaf that holds a prefix sum, made the near one, and what is left to find in it."""
        count = len(self._leaves)
        tree_a, tree_b, tree_c = self._fenwicks
        tree = self._fenwicks[dimension]
        at = a = b = c = 0
        rest = value
        step = self._step
        while step:
            up = at + step
            if up <= count and tree[up] <= rest:
                at = up
                rest -= tree[up]
                a += tree_a[up]
                b += tree_b[up]
                c += tree_c[up]
            step >>= 1
        if at < count:
            self._near = at
            self._before_near = [a, b, c]
        return at, rest

    def start(self) -> Cursor:
        """The first item."""
        return Cursor(0, 0, 0, 0, 0)

    def is_end(self, cursor: Cursor) -> bool:
        """Whether the cursor stands behind the last item."""
        return cursor.index >= len(self._leaves[cursor.leaf].items)

    def item(self, cursor: Cursor) -> T:
        """The item at the cursor; IndexError behind the last."""
        return self._leaves[cursor.leaf].items[cursor.index]

    def weights(self, cursor: Cursor) -> tuple[int, int, int]:
        """The weights of the item at the cursor."""
        a, b, c = self._leaves[cursor.leaf].weights
        return a[cursor.index], b[cursor.index], c[cursor.index]

    def next(self, cursor: Cursor) -> Cursor:
        """The item after, or the end."""
        leaf, index, a, b, c = cursor
        weights = self._leaves[leaf].weights
        a += weights[0][index]
        b += weights[1][index]
        c += weights[2][index]
        index += 1
        if index >= len(self._leaves[leaf].items) and leaf + 1 < len(self._leaves):
            return Cursor(leaf + 1, 0, a, b, c)
        return Cursor(leaf, index, a, b, c)

    def previous(self, cursor: Cursor) -> Cursor | None:
        """The item before, or None at the first."""
        leaf, index, a, b, c = cursor
        if index == 0:
            if leaf == 0:
                return None
            leaf -= 1
            index = len(self._leaves[leaf].items)
        index -= 1
        weights = self._leaves[leaf].weights
        return Cursor(
            leaf, index, a - weights[0][index], b - weights[1][index], c - weights[2][index]
        )

    def iterate(self, cursor: Cursor) -> Iterator[tuple[T, int, int, int]]:
        """Items with their weights from the cursor to the end."""
        index = cursor.index
        for leaf in self._leaves[cursor.leaf :]:
            a, b, c = leaf.weights
            yield from zip(leaf.items[index:], a[index:], b[index:], c[index:], strict=True)
            index = 0

    def items(self) -> list[T]:
        """All items in order."""
        return [item for leaf in self._leaves for item in leaf.items]

    def put(self, cursor: Cursor, item: T) -> None:
        """Put another item of the same weights in the place of the one at the cursor."""
        self._leaves[cursor.leaf].items[cursor.index] = item

    def add(self, cursor: Cursor, a: int, b: int, c: int) -> None:
        """Add to the weights of the item at the cursor."""
        number = cursor.leaf
        leaf = self._leaves[number]
        for dimension, difference in ((0, a), (1, b), (2, c)):
            if difference:
                leaf.weights[dimension][cursor.index] += difference
                self._add_to_leaf(dimension, number, difference)

    def _add_to_leaf(self, dimension: int, number: int, difference: int) -> None:
        self._leaves[number].sums[dimension] += difference
        if number < self._near:
            self._before_near[dimension] += difference
        tree = self._fenwicks[dimension]
        at = number + 1
        size = len(tree)
        while at < size:
            tree[at] += difference
            at += at & -at

    def leaves_from(self, number: int) -> Iterator[tuple[int, list[T], list[int]]]:
        """(leaf number, its items, its c weights) from a leaf on, leaves without c left out."""
        for at in range(number, len(self._leaves)):
            leaf = self._leaves[at]
            if leaf.sums[2]:
                yield at, leaf.items, leaf.weights[2]

    def set_many(self, number: int, values: dict[int, tuple[T, int, int]]) -> None:
        """Put other items with other b and c in the places of one leaf (index to item, b, c)."""
        leaf = self._leaves[number]
        _, weights_b, weights_c = leaf.weights
        difference_b = difference_c = 0
        for index, (item, b, c) in values.items():
            leaf.items[index] = item
            difference_b += b - weights_b[index]
            difference_c += c - weights_c[index]
            weights_b[index] = b
            weights_c[index] = c
        self._add_to_leaf(1, number, difference_b)
        self._add_to_leaf(2, number, difference_c)

    def set_counts(self, values: list[int]) -> None:
        """Set the c weights of all items, in order."""
        start = 0
        for leaf in self._leaves:
            stop = start + len(leaf.items)
            leaf.weights[2][:] = values[start:stop]
            leaf.sums[2] = sum(leaf.weights[2])
            start = stop
        self._index_leaves()

    def replace(self, first: Cursor, last: Cursor, entries: list[tuple[T, int, int, int]]) -> None:
        """Put `entries` in the place of the items from `first` up to, not including, `last`."""
        head = self._leaves[first.leaf]
        if first.leaf == last.leaf:
            kept = len(head.items) - (last.index - first.index) + len(entries)
            if 0 < kept <= LEAF_MAX:
                self._replace_in_leaf(first.leaf, first.index, last.index, entries)
                return
        tail = self._leaves[last.leaf]
        joined = head.entries(0, first.index)
        joined += entries
        joined += tail.entries(last.index, len(tail.items))
        fill = len(joined) if len(joined) <= LEAF_MAX else _LEAF_FILL
        self._leaves[first.leaf : last.leaf + 1] = [
            _Leaf(joined[at : at + fill]) for at in range(0, len(joined), max(fill, 1))
        ]
        if not self._leaves:
            self._leaves = [_Leaf[T]([])]
        self._index_leaves()

    def _replace_in_leaf(
        self, number: int, start: int, stop: int, entries: list[tuple[T, int, int, int]]
    ) -> None:
        leaf = self._leaves[number]
        leaf.items[start:stop] = [entry[0] for entry in entries]
        columns = (
            [entry[1] for entry in entries],
            [entry[2] for entry in entries],
            [entry[3] for entry in entries],
        )
        for dimension, (weights, new) in enumerate(zip(leaf.weights, columns, strict=True)):
            difference = sum(new) - sum(weights[start:stop])
            weights[start:stop] = new
            if difference:
                self._add_to_leaf(dimension, number, difference)
