"""What changed marks mean for the marks behind them, when that is only a few."""

from __future__ import annotations

from typing import NamedTuple

from promptls.prompts.mark_tree import MarkTree
from promptls.prompts.marks import NO_RANK, Kind, Mark
from promptls.prompts.resolve import next_context
from promptls.text.sum_tree import Cursor

NEARBY_MAX = 400
"""Marks that are looked at (about 1 ms) before resolving everything is the better way."""
_TOP_RANK_MAX = 6
"""Ranks of role lines and of headings outside all tags."""
_NESTING = frozenset({Kind.TAG_OPEN, Kind.TAG_CLOSE, Kind.ROLE})


class _Found(NamedTuple):
    mark: Mark
    leaf: int
    active: bool
    context: str
    rank: int
    section: str
    depth: int


class Outcome(NamedTuple):
    """What came of it."""

    resolved: bool
    """False: nothing was changed, everything must be resolved."""
    directives: int = 0
    """How many directives began to count, less those that ceased to."""
    references: bool = False
    """Whether references farther on began or ceased to count."""


def resolve_nearby(
    tree: MarkTree, keeper: Cursor, old: list[Mark], count: int, *, has_tags: bool
) -> Outcome:
    """Resolve the `count` new marks behind `keeper`, and what they change farther on.

    `old` are the marks that stood in their place. Contexts are followed from mark to mark until
    they are what they were. Where tags or roles come or go, the answer is to resolve everything.
    """
    unresolved = Outcome(False)
    if any(mark.rank != NO_RANK and mark.kind in _NESTING for mark in old):
        return unresolved
    before = tree.item(keeper)
    top_headings = any(_is_top_heading(mark, mark.rank) for mark in old)
    context, depth, closed = before.context, before.depth, _closes_tag(before)
    found: list[_Found] = []
    at = tree.next(keeper)
    while not tree.is_end(at):
        mark = tree.item(at)
        is_new = len(found) < count
        active = not context
        context = next_context(context, mark)
        nests = mark.kind in _NESTING and mark.rank not in (NO_RANK, 7 * mark.depth + 7)
        if mark.kind in _NESTING and (active if is_new else active != mark.active):
            return unresolved
        rank, section = mark.rank, mark.section
        if not nests:
            rank, section = NO_RANK, ""
            if active and mark.kind is Kind.HEADING:
                rank, section = 7 * depth + mark.level, "heading"
            elif closed:
                # Whatever stands behind a closing line goes on with what was open around it.
                rank = 7 * depth + 7
                around = depth or tree.last_at_most(keeper, _TOP_RANK_MAX) is not None
                section = "" if around else "preamble"
        elif not is_new:
            depth = mark.depth
        same = (active, context, rank, section) == (
            mark.active,
            mark.context,
            mark.rank,
            mark.section,
        )
        if not is_new and same:
            break
        top_headings = (
            top_headings or _is_top_heading(mark, rank) or _is_top_heading(mark, mark.rank)
        )
        found.append(_Found(mark, at.leaf, active, context, rank, section, depth))
        if len(found) > NEARBY_MAX + count:
            return unresolved
        closed = _closes_tag(mark)
        at = tree.next(at)
    # What stands behind a closing tag belongs to the heading before it, or to none.
    if top_headings and has_tags and tree.last_at_most(keeper, _TOP_RANK_MAX) is None:
        return unresolved
    references = any(item.mark.references for item in found[count:])
    directives = _apply(tree, found) - sum(mark.directive for mark in old)
    return Outcome(True, directives, references)


def _closes_tag(mark: Mark) -> bool:
    """Whether a mark closes a tag; one that is text may have a rank for what it stands behind."""
    return mark.kind is Kind.TAG_CLOSE and mark.rank == 7 * mark.depth + 8


def _is_top_heading(mark: Mark, rank: int) -> bool:
    return mark.kind is Kind.HEADING and rank <= _TOP_RANK_MAX


def _apply(tree: MarkTree, found: list[_Found]) -> int:
    directives = 0
    for mark, _, active, context, rank, section, depth in found:
        directive = active and mark.kind is Kind.COMMENT and mark.level == 1
        directives += directive - mark.directive
        mark.active, mark.context, mark.directive = active, context, directive
        mark.rank, mark.section, mark.depth = rank, section, depth
    for leaf in {item.leaf for item in found}:
        tree.ranks_changed(leaf)
    return directives
