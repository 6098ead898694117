"""Which contents import each other in a ring, and how deep imports go below each."""

from __future__ import annotations

from promptls.references.graph import Graph
from promptls.references.model import Embedded, Found

ENDLESS = 1 << 30
"""The height of a content that is in a ring or imports one."""


class Components:
    """The strongly connected components of a graph of contents."""

    def __init__(self, members: dict[str, frozenset[str]], heights: dict[str, int]) -> None:
        self._members = members
        self._heights = heights

    def members(self, key: str) -> frozenset[str]:
        """All contents in the same ring, itself included; empty when it is in none."""
        return self._members.get(key, _NONE)

    def height(self, key: str) -> int:
        """Levels of imports below a content; 0 when it imports nothing, ENDLESS with a ring."""
        return self._heights.get(key, 0)


_NONE: frozenset[str] = frozenset()


def edges(graph: Graph) -> dict[str, list[str]]:
    """For each content the keys of all that it imports."""
    found: dict[str, list[str]] = {}
    for key, content in graph.contents.items():
        children: dict[str, None] = {}
        for part in content.parts:
            if isinstance(part, Embedded):
                outcome = graph.outcome(key, part.reference)
                if isinstance(outcome, Found):
                    children.update((child.key, None) for child in outcome.contents)
        found[key] = list(children)
    for (holder, _), outcome in graph.outcomes.items():
        if holder == graph.root and isinstance(outcome, Found):
            found.setdefault(holder, []).extend(child.key for child in outcome.contents)
    return found


def components(graph: Graph) -> Components:
    """Find them with Tarjan's algorithm, without recursion: chains may be long."""
    below = edges(graph)
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    open_: dict[str, None] = {}
    members: dict[str, frozenset[str]] = {}
    heights: dict[str, int] = {}
    for start in below:
        if start in index:
            continue
        index[start] = low[start] = len(index)
        open_[start] = None
        stack = [(start, iter(below[start]))]
        while stack:
            key, children = stack[-1]
            for child in children:
                if child not in below:
                    continue
                if child not in index:
                    index[child] = low[child] = len(index)
                    open_[child] = None
                    stack.append((child, iter(below[child])))
                    break
                if child in open_:
                    low[key] = min(low[key], index[child])
            else:
                stack.pop()
                if stack:
                    above = stack[-1][0]
                    low[above] = min(low[above], low[key])
                if low[key] == index[key]:
                    ring = _close(open_, key)
                    if len(ring) > 1 or key in below[key]:
                        group = frozenset(ring)
                        members.update((one, group) for one in ring)
                        heights.update((one, ENDLESS) for one in ring)
                    else:
                        heights[key] = min(
                            1 + max((heights.get(child, 0) for child in below[key]), default=-1),
                            ENDLESS,
                        )
    return Components(members, heights)


def _close(open_: dict[str, None], key: str) -> list[str]:
    ring = []
    while True:
        one, _ = open_.popitem()
        ring.append(one)
        if one == key:
            return ring
