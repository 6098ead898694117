"""Sections with their lines and tokens, read from a settled outline."""

from __future__ import annotations

from dataclasses import dataclass

from promptls.prompts.mark_tree import LINES, MarkTree, unpack
from promptls.prompts.marks import NO_RANK, Kind, Mark
from promptls.prompts.outline import Outline
from promptls.text.sum_tree import Cursor


@dataclass(slots=True)
class Section:
    """One section. Offsets are in characters; `end` and `end_line` lie behind it."""

    mark: Mark
    kind: str
    level: int
    """1 to 6 for headings, one more than the tags around it for tags, 0 for the rest."""
    title: str
    line: int
    start: int
    end_line: int
    end: int
    tokens: int
    """With subsections."""
    expanded: int
    """With subsections, without what is not sent."""
    own_tokens: int = 0
    own_expanded: int = 0
    """`expanded` without subsections; only `all_sections` gives it."""
    parent: int = -1
    """The number of the section around it in the list of all sections; -1 for none."""
    id: str = ""


VisibleHead = tuple[Mark, Cursor, Cursor]
"""A mark where a section begins, its place, and the place where the section ends."""


def visible_heads(outline: Outline, first: int, last: int) -> list[VisibleHead]:
    """The sections whose first line lies from `first` to `last`, last one first.

    The cost is what is visible: ends beyond it are looked up by rank.
    """
    tree = outline.tree
    at = tree.start() if first <= 0 else tree.find(LINES, first)
    if at.a < first and not tree.is_end(at):
        at = tree.next(at)
    line, characters, counts = at.a, at.b, at.c
    heads: list[tuple[Mark, Cursor]] = []
    beyond: Cursor | None = None
    for mark, lines, length, count in tree.iterate(at):
        if line > last:
            beyond = tree.find(LINES, line)
            break
        if mark.rank != NO_RANK:
            heads.append((mark, Cursor(0, 0, line, characters, counts)))
        line += lines
        characters += length
        counts += count
    found: list[VisibleHead] = []
    ends: list[tuple[int, Cursor]] = []
    for mark, head in reversed(heads):
        rank = mark.rank
        while ends and ends[-1][0] > rank:
            ends.pop()
        if ends:
            end = ends[-1][1]
        elif beyond is not None:
            # Lower ranks end at the same mark or farther on, so the search goes on from there.
            beyond = end = tree.next_at_most(beyond, rank)
        else:
            end = Cursor(0, 0, *tree.totals())
        ends.append((rank, head))
        if mark.section and end.b > head.b:
            found.append((mark, head, end))
    return found


def visible_sections(outline: Outline, first: int, last: int) -> list[Section]:
    """The sections whose first line lies from `first` to `last`, in order.

    `own_tokens`, `parent` and `id` are left out: they depend on the rest of the document.
    """
    heads = visible_heads(outline, first, last)
    return [_section(mark, head, end) for mark, head, end in reversed(heads)]


Entry = tuple[Mark, int, int, int]
"""A mark with the weights (lines, characters, packed tokens) of its text."""


def snapshot(outline: Outline) -> list[Entry]:
    """All marks as they stand: what `all_sections` can work on elsewhere."""
    return list(outline.tree.iterate(outline.tree.start()))


def all_sections(entries: list[Entry]) -> list[Section]:
    """Every section in document order, with parents, own figures and ids."""
    heads: list[tuple[Mark, Cursor, int]] = []
    ends: list[Cursor] = []
    open_heads: list[int] = []
    line = start = counts = 0
    for mark, lines, length, count in entries:
        if mark.rank != NO_RANK:
            here = Cursor(0, 0, line, start, counts)
            while open_heads and heads[open_heads[-1]][0].rank >= mark.rank:
                ends[open_heads.pop()] = here
            if mark.section:
                parent = open_heads[-1] if open_heads else -1
                open_heads.append(len(heads))
                heads.append((mark, here, parent))
                ends.append(here)
        line += lines
        start += length
        counts += count
    for number in open_heads:
        ends[number] = Cursor(0, 0, line, start, counts)
    # A document that begins with a section has nothing before it.
    skipped = 1 if ends and ends[0].b == 0 else 0
    sections = []
    for (mark, head, parent), end in zip(heads[skipped:], ends[skipped:], strict=True):
        section = _section(mark, head, end)
        section.parent = max(parent - skipped, -1)
        sections.append(section)
    for section in sections:
        section.own_tokens += section.tokens
        section.own_expanded += section.expanded
        if section.parent >= 0:
            sections[section.parent].own_tokens -= section.tokens
            sections[section.parent].own_expanded -= section.expanded
    _name(sections)
    return sections


def section_at(outline: Outline, line: int) -> Section | None:
    """The innermost section that holds a line, with its own tokens but without an id."""
    tree = outline.tree
    at = tree.find(LINES, line)
    at = tree.previous(at) or at if tree.is_end(at) else at
    rank = NO_RANK - 1
    while True:
        mark = tree.item(at)
        if mark.rank <= rank and mark.section:
            end = tree.next_at_most(tree.next(at), mark.rank)
            section = _section(mark, at, end)
            if section.end > section.start:
                section.own_tokens = section.tokens - _tokens_of_children(tree, at, end)
                return section
        before = tree.last_at_most(at, min(rank, mark.rank - 1 if mark.rank != NO_RANK else rank))
        if before is None:
            return None
        rank = min(rank, mark.rank - 1) if mark.rank != NO_RANK else rank
        at = before


def _tokens_of_children(tree: MarkTree, at: Cursor, end: Cursor) -> int:
    tokens = 0
    at = tree.next_at_most(tree.next(at), NO_RANK - 1)
    while at.b < end.b:
        mark = tree.item(at)
        following = tree.next_at_most(tree.next(at), mark.rank)
        if mark.section:
            tokens += unpack(following.c - at.c)[0]
            at = following
        else:
            at = tree.next_at_most(tree.next(at), NO_RANK - 1)
    return tokens


def _section(mark: Mark, head: Cursor, end: Cursor) -> Section:
    tokens, expanded = unpack(end.c - head.c)
    return Section(
        mark,
        mark.section,
        _level(mark),
        title(mark),
        head.a,
        head.b,
        end.a,
        end.b,
        tokens,
        expanded,
    )


def title(mark: Mark) -> str:
    """What a reader calls the section that begins at a mark."""
    if mark.section == "frontMatter":
        return "front matter"
    if mark.section == "preamble":
        return "preamble"
    if mark.kind is Kind.TAG_OPEN:
        return f"<{mark.name}>"
    return mark.name


def _level(mark: Mark) -> int:
    if mark.kind is Kind.HEADING:
        return mark.level
    return mark.depth if mark.kind is Kind.TAG_OPEN else 0


def _name(sections: list[Section]) -> None:
    """Give each section its id: the path of titles, with an ordinal among equals."""
    seen: dict[str, int] = {}
    taken: set[str] = set()
    for section in sections:
        around = sections[section.parent].id + "/" if section.parent >= 0 else ""
        path = around + (section.title.replace("/", "∕") or section.kind)
        count = seen.get(path, 0) + 1
        name = path if count == 1 else f"{path}#{count}"
        # A title may look like another one's ordinal: `# A`, `# A`, `# A#2`.
        while name in taken:
            count += 1
            name = f"{path}#{count}"
        seen[path] = count
        taken.add(name)
        section.id = name
