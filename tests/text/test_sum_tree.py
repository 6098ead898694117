"""The tree of prefix sums against a plain list."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles.sizes import Sizes

from promptls.text.sum_tree import Cursor, SumTree

Entry = tuple[str, int, int, int]

ENTRIES = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 5), st.integers(0, 2), st.integers(0, 1)),
    max_size=30,
)
OPERATIONS = st.lists(
    st.tuples(st.integers(0, 99), st.integers(0, 99), ENTRIES, st.booleans()), max_size=15
)


def weights_of(entry: Entry) -> tuple[int, int, int]:
    return entry[1], entry[2], entry[3]


def find(entries: list[Entry], dimension: int, value: int) -> int:
    """The first item whose prefix sum, itself included, is greater than the value."""
    sums = accumulate(weights_of(entry)[dimension] for entry in entries)
    return next((number for number, total in enumerate(sums) if total > value), len(entries))


def cursor_at(tree: SumTree[str], number: int) -> Cursor:
    cursor = tree.start()
    for _ in range(number):
        cursor = tree.next(cursor)
    return cursor


def before(entries: list[Entry], number: int) -> tuple[int, ...]:
    weights = [weights_of(entry) for entry in entries[:number]]
    return tuple(sum(column) for column in zip(*weights, strict=True)) or (0, 0, 0)


def check(tree: SumTree[str], entries: list[Entry]) -> None:
    assert len(tree) == len(entries)
    assert tree.items() == [entry[0] for entry in entries]
    assert list(tree.iterate(tree.start())) == entries
    assert tree.totals() == before(entries, len(entries))
    for dimension in range(3):
        for value in range(0, tree.totals()[dimension] + 2):
            cursor = tree.find(dimension, value)
            number = find(entries, dimension, value)
            assert cursor[2:] == before(entries, number)
            assert tree.is_end(cursor) == (number == len(entries))
            if not tree.is_end(cursor):
                assert (tree.item(cursor), *tree.weights(cursor)) == entries[number]
                assert list(tree.iterate(cursor)) == entries[number:]
            previous = tree.previous(cursor)
            if number:
                assert previous is not None
                assert previous[2:] == before(entries, number - 1)
                assert tree.item(previous) == entries[number - 1][0]
            else:
                assert previous is None


@settings(deadline=None, max_examples=150)
@given(entries=ENTRIES, operations=OPERATIONS)
def test_operations(
    entries: list[Entry], operations: list[tuple[int, int, list[Entry], bool]]
) -> None:
    with Sizes(leaf=(3, 4)).in_use():
        tree = SumTree(entries)
        check(tree, entries)
        for one, other, new, adds in operations:
            start, stop = sorted([one % (len(entries) + 1), other % (len(entries) + 1)])
            first, last = cursor_at(tree, start), cursor_at(tree, stop)
            if adds and start < len(entries):
                item, a, b, c = entries[start]
                tree.put(first, item.upper())
                tree.add(first, 3, -b, 1)
                entries = [*entries[:start], (item.upper(), a + 3, 0, c + 1), *entries[start + 1 :]]
            else:
                tree.replace(first, last, new)
                entries = entries[:start] + new + entries[stop:]
            check(tree, entries)


@settings(deadline=None, max_examples=50)
@given(entries=ENTRIES, counts=st.lists(st.integers(0, 9), min_size=30, max_size=30))
def test_set_counts(entries: list[Entry], counts: list[int]) -> None:
    with Sizes(leaf=(3, 4)).in_use():
        tree = SumTree(entries)
        tree.set_counts(counts[: len(entries)])
        check(tree, [(*entry[:3], count) for entry, count in zip(entries, counts, strict=False)])


def test_set_many_in_leaves_that_have_counts() -> None:
    entries: list[Entry] = [(str(number), 1, 10, number % 2) for number in range(8)]
    with Sizes(leaf=(2, 2)).in_use():
        tree = SumTree([*entries[:4], ("4", 1, 10, 0), ("5", 1, 10, 0), *entries[6:]])
        leaves = list(tree.leaves_from(1))
        assert leaves == [(1, ["2", "3"], [0, 1]), (3, ["6", "7"], [0, 1])]
        tree.set_many(1, {1: ("three", 30, 0)})
        assert tree.totals() == (8, 100, 2)
        check(tree, [*entries[:3], ("three", 1, 30, 0), ("4", 1, 10, 0), ("5", 1, 10, 0),
                     *entries[6:]])  # fmt: skip
