"""What changed marks mean for the marks behind them, when that is only a few."""

from __future__ import annotations

from typing import NamedTuple

from promptls.prompts.mark_tree import MarkTree
from promptls.prompts.marks import NO_RANK, Kind, Mark
from promptls.prompts.resolve import next_context
from promptls.text.sum_tree import Cursor

NEARBY_MAX = 400
"""Marks that are looked at (about 1 ms) before resolving everything is the better way."""
_HEADING_RANK_MAX = 6
_NESTING = frozenset({Kind.TAG_OPEN, Kind.TAG_CLOSE, Kind.ROLE})


class _Found(NamedTuple):
    mark: Mark
    leaf: int
    active: bool
    context: str
    rank: int
    depth: int


class Outcome(NamedTuple):
    """What came of it."""

    resolved: bool
    """False: nothing was changed, everything must be resolved."""
    directives: int = 0
    """How many directives began to count, less those that ceased to."""


def resolve_nearby(
    tree: MarkTree, keeper: Cursor, old: list[Mark], count: int, *, has_tags: bool
) -> Outcome:
    """Resolve the `count` new marks behind `keeper`, and what they change farther on.

    `old` are the marks that stood in their place. Contexts are followed from mark to mark until
    they are what they were. Wherever tags, roles or what stands behind a closing tag come into
    play, the answer is to resolve everything.
    """
    unresolved = Outcome(False)
    if any(mark.rank != NO_RANK and mark.kind is not Kind.HEADING for mark in old):
        return unresolved
    before = tree.item(keeper)
    if before.kind is Kind.TAG_CLOSE and before.rank != NO_RANK:
        return unresolved
    top_headings = any(mark.rank <= _HEADING_RANK_MAX for mark in old)
    context, depth = before.context, before.depth
    found: list[_Found] = []
    at = tree.next(keeper)
    while not tree.is_end(at):
        mark = tree.item(at)
        is_new = len(found) < count
        active = not context
        context = next_context(context, mark)
        if is_new or active != mark.active:
            if mark.kind in _NESTING and (active or mark.rank != NO_RANK):
                return unresolved
            if not is_new and mark.rank != NO_RANK and mark.kind is not Kind.HEADING:
                return unresolved
            rank = NO_RANK
            if active and mark.kind is Kind.HEADING:
                rank = 7 * depth + mark.level
            top_headings = top_headings or min(rank, mark.rank) <= _HEADING_RANK_MAX
            found.append(_Found(mark, at.leaf, active, context, rank, depth))
        elif context != mark.context:
            depth = mark.depth
            found.append(_Found(mark, at.leaf, active, context, mark.rank, depth))
        else:
            break
        if len(found) > NEARBY_MAX + count:
            return unresolved
        at = tree.next(at)
    # What stands behind a closing tag belongs to the heading before it, or to none.
    if top_headings and has_tags and tree.last_at_most(keeper, _HEADING_RANK_MAX) is None:
        return unresolved
    return Outcome(True, _apply(tree, found) - sum(mark.directive for mark in old))


def _apply(tree: MarkTree, found: list[_Found]) -> int:
    directives = 0
    for mark, _, active, context, rank, depth in found:
        directive = active and mark.kind is Kind.COMMENT and mark.level == 1
        directives += directive - mark.directive
        mark.active, mark.context, mark.directive = active, context, directive
        if rank != mark.rank:
            mark.rank = rank
            mark.section = "heading" if rank != NO_RANK else ""
        mark.depth = depth
    for leaf in {item.leaf for item in found}:
        tree.ranks_changed(leaf)
    return directives
