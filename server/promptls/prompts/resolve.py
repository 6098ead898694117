"""What each mark is, given all the others: contexts, matching tags, ranks.

A mark's *rank* says which sections end where it stands: all that began at a mark of the same or a
higher rank. With t tags open around it: a role line 0, a heading of level n 7t + n, a tag 7t + 7;
its closing line 7t + 8 (it ends all headings in the tag); the text behind the tag 7t + 7 (it ends
the tag and goes on with whatever was open around it); front matter and preambles 250.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from promptls.prompts.marks import NO_RANK, Kind, Mark

PREAMBLE_RANK = 250
DEPTH_MAX = 33
"""Tags within tags; one that is deeper is text."""
FRONT_MATTER_LINES = 1000
"""Front matter that is longer is none: a `---` far down is a thematic break."""
_SLICE = 200


@dataclass(slots=True)
class Structure:
    """What `resolve` found out; nothing in the marks has changed until `install`."""

    marks: list[Mark]
    contexts: list[str] = field(default_factory=list)
    ranks: bytearray = field(default_factory=bytearray)
    depths: bytearray = field(default_factory=bytearray)
    sections: list[str] = field(default_factory=list)
    active: bytearray = field(default_factory=bytearray)
    """1 for marks that stand in neither a fence nor a comment nor the front matter."""

    def install(self) -> None:
        """Write it into the marks."""
        for mark, context, rank, depth, section, active in zip(
            self.marks,
            self.contexts,
            self.ranks,
            self.depths,
            self.sections,
            self.active,
            strict=True,
        ):
            mark.context = context
            mark.rank = rank
            mark.depth = depth
            mark.section = section
            mark.active = bool(active)
            mark.directive = bool(active) and mark.kind is Kind.COMMENT and mark.level == 1


def resolve(marks: list[Mark], front_matter: tuple[int, int] | None) -> Iterator[Structure]:
    """Work in slices: yields the unfinished structure now and then, the finished one last.

    `front_matter` is the numbers of the marks of its first and its last line.
    """
    structure = Structure(marks)
    active = structure.active = bytearray(len(marks))
    for number in _contexts(structure, active, front_matter):
        if number % _SLICE == 0:
            yield structure
    matching = _matching_tags(marks, active)
    yield structure
    for number in _ranks(structure, active, matching, front_matter):
        if number % _SLICE == 0:
            yield structure
    yield structure


def next_context(context: str, mark: Mark) -> str:
    """The context behind a mark, given that before it."""
    if not context:
        if mark.kind is Kind.FENCE:
            return mark.name * mark.size
        return "comment" if mark.kind is Kind.COMMENT and not mark.closes else ""
    if context == "comment":
        return "" if mark.closes and "-->" in mark.text else context
    if (
        mark.kind is Kind.FENCE
        and mark.closes
        and mark.name == context[0]
        and mark.size >= len(context)
    ):
        return ""
    return context


def _contexts(
    structure: Structure, active: bytearray, front_matter: tuple[int, int] | None
) -> Iterator[int]:
    context = ""
    first, last = front_matter or (-1, -1)
    for number, mark in enumerate(structure.marks):
        if first <= number <= last:
            structure.contexts.append("frontMatter" if number < last else "")
            continue
        active[number] = not context
        context = next_context(context, mark)
        structure.contexts.append(context)
        yield number


def _matching_tags(marks: list[Mark], active: bytearray) -> set[int]:
    """The numbers of the marks of tags that are closed, and of the lines that close them."""
    matched: set[int] = set()
    stack: list[int] = []
    by_name: dict[str, int] = {}
    for number, mark in enumerate(marks):
        if not active[number]:
            continue
        if mark.kind is Kind.ROLE:
            stack.clear()
            by_name.clear()
        elif mark.kind is Kind.TAG_OPEN:
            stack.append(number)
            by_name[mark.name] = by_name.get(mark.name, 0) + 1
        elif mark.kind is Kind.TAG_CLOSE and by_name.get(mark.name):
            while True:
                opening = stack.pop()
                name = marks[opening].name
                by_name[name] -= 1
                if name == mark.name:
                    break
            matched.update((opening, number))
    return matched


def _ranks(
    structure: Structure,
    active: bytearray,
    matched: set[int],
    front_matter: tuple[int, int] | None,
) -> Iterator[int]:
    first, last = front_matter or (-1, -1)
    depth = too_deep = 0
    around = False
    closed = False
    for number, mark in enumerate(structure.marks):
        rank, section = NO_RANK, ""
        kind = mark.kind
        closes = number == last
        if number == first:
            rank, section = PREAMBLE_RANK, "frontMatter"
        elif number == 0:
            rank, section = PREAMBLE_RANK, "preamble"
        elif not active[number]:
            pass
        elif kind is Kind.HEADING:
            rank, section = 7 * depth + mark.level, "heading"
            around = around or depth == 0
        elif kind is Kind.ROLE:
            rank, section = 0, "role"
            depth, too_deep, around = 0, 0, True
        elif number in matched and kind is Kind.TAG_OPEN:
            if depth < DEPTH_MAX:
                rank, section = 7 * depth + 7, "tag"
                depth += 1
            else:
                too_deep += 1
        elif number in matched and kind is Kind.TAG_CLOSE:
            if too_deep:
                too_deep -= 1
            else:
                rank = 7 * depth + 1
                depth -= 1
                closes = True
        if closed and rank == NO_RANK and not closes:
            # Whatever stands behind a closing line goes on with what was open around it.
            rank = 7 * depth + 7
            if not around and not depth:
                section = "preamble"
        closed = closes
        structure.ranks.append(rank)
        structure.depths.append(depth)
        structure.sections.append(section)
        yield number
