"""What is sent otherwise than it is written, and what that costs.

Front matter, role lines and our own directives are not sent, and references are replaced by what
they bring in. Around each such part, the text that is joined at the seams, up to the nearest safe
cuts, is encoded by itself; everything else counts as it does in the whole text. Parts with no safe
cut between them are counted together (a *group*). The difference stands in `Mark.extra`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from promptls.prompts.mark_tree import CHARACTERS, MarkTree, pack
from promptls.prompts.marks import Mark
from promptls.text import TextBuffer
from promptls.text.lines import count_breaks
from promptls.text.sum_tree import Cursor
from promptls.tokens.engine import Engine
from promptls.tokens.measure import EMPTY, Measure, total

_UNSENT_SECTIONS = frozenset({"frontMatter", "role"})
_WINDOW_MAX = 4096
"""Characters of a window whose own tokens are encoded anew instead of being looked up."""
_LOOK_AHEAD = 64
"""Characters of a content that decide whether the text before it can be cut off."""
_SLICE = 64


class Part(NamedTuple):
    """Characters from `start` up to `stop`, in whose place `content` is sent."""

    start: int
    stop: int
    content: Measure


class Site(NamedTuple):
    """A mark with the parts that begin in its line."""

    mark: Mark
    line: int
    start: int
    parts: list[Part]


class SeamCounter(Protocol):
    """What is needed of the incremental counter."""

    @property
    def engine(self) -> Engine:
        """What counts."""

    def tokens_before(self, offset: int) -> int | None:
        """Tokens that begin before an offset; those of segments that are pending count 0."""

    def pending_before(self, offset: int) -> int:
        """How many pending segments begin before an offset."""

    def count_text(self, text: str) -> int:
        """Tokens of a text by itself."""

    def first_cut(self, start: int, stop: int) -> int | None:
        """The first safe cut behind `start` that looks at nothing outside of the two offsets."""

    def last_cut(self, start: int, stop: int) -> int | None:
        """The last safe cut before `stop` that looks at nothing outside of the two offsets."""


def is_unsent(mark: Mark) -> bool:
    """Whether a part that is not sent begins at a mark."""
    return mark.directive or mark.section in _UNSENT_SECTIONS


def is_site(mark: Mark) -> bool:
    """Whether something is sent otherwise than it is written in the line of a mark."""
    return (
        mark.directive
        or mark.section in _UNSENT_SECTIONS
        or (mark.active and any(content is not None for content in mark.contents))
    )


def sites(tree: MarkTree, buffer: TextBuffer) -> Iterator[Site]:
    """All sites in order; the outline must be settled."""
    line = start = stop = 0
    for mark, lines, length, _ in tree.iterate(tree.start()):
        if start >= stop and is_site(mark):
            site = site_of(tree, buffer, mark, line, start)
            stop = site.parts[-1].stop
            yield site
        line += lines
        start += length


def site_of(tree: MarkTree, buffer: TextBuffer, mark: Mark, line: int, start: int) -> Site:
    """The parts in the line of a mark that is a site."""
    if is_unsent(mark):
        parts = [Part(start, _stop(tree, buffer, line, start, mark), EMPTY)]
    else:
        parts = [
            Part(start + reference.start, start + reference.end, content)
            for reference, content in zip(mark.references, mark.contents, strict=True)
            if content is not None
        ]
    return Site(mark, line, start, parts)


def _stop(tree: MarkTree, buffer: TextBuffer, line: int, start: int, mark: Mark) -> int:
    if mark.section == "frontMatter":
        at = tree.find(CHARACTERS, start)
        return tree.next_at_most(tree.next(at), mark.rank).b
    if mark.section == "role" and mark.size:
        return start + mark.size
    return buffer.line_start(line + 1)


class Expansion:
    """Counts what is stale, in slices; the text must not change between them."""

    def __init__(self, tree: MarkTree, buffer: TextBuffer, counter: SeamCounter) -> None:
        self._tree = tree
        self._buffer = buffer
        self._counter = counter

    def count_all(self) -> Iterator[bool]:
        """Count all that is stale, wherever it is.

        Yields True now and then; ends with False when some own count is not known yet.
        """
        tree = self._tree
        found: list[Site] = []
        stop = line = start = 0
        for mark, lines, length, _ in tree.iterate(tree.start()):
            if start >= stop and is_site(mark):
                found.append(site_of(tree, self._buffer, mark, line, start))
                stop = found[-1].parts[-1].stop
            elif mark.extra:
                self._set(mark, start, 0)
                mark.lead = mark.reach = 0
                mark.group, mark.stale = None, True
            line += lines
            start += length
        groups: list[list[Site]] = []
        starts: list[int | None] = [None]
        stops: list[int | None] = []
        for number, site in enumerate(found, 1):
            apart = self._apart(groups[-1][-1], site) if groups else None
            if groups and apart is None:
                groups[-1].append(site)
            else:
                if apart is not None:
                    stops.append(apart[0])
                    starts.append(apart[1])
                groups.append([site])
            if number % _SLICE == 0:
                yield True
        stops.append(None)
        counted = 0
        for group, low, high in zip(groups, starts, stops, strict=False):
            marks = tuple(site.mark for site in group)
            if len(marks) == 1 and not marks[0].stale and marks[0].group is None:
                continue
            if len(marks) > 1 and marks[0].group == marks and not any(m.stale for m in marks):
                continue
            if not self._count(group, low, high):
                yield False
                return
            counted += 1
            if counted % _SLICE == 0:
                yield True

    def count_at(self, offset: int) -> bool:
        """Count the site whose line begins at an offset; False when `count_all` is needed."""
        tree = self._tree
        at = tree.find(CHARACTERS, offset)
        if tree.is_end(at) or at.b != offset:
            return False
        mark = tree.item(at)
        if mark.group is not None:
            return False
        if not is_site(mark):
            if mark.extra:
                self._set(mark, offset, 0)
            mark.lead = mark.reach = 0
            mark.stale = True
            return True
        site = site_of(tree, self._buffer, mark, at.a, at.b)
        low, high = self._before(at, site), self._behind(tree.next(at), site)
        return low is not None and high is not None and self._count([site], low, high)

    def _before(self, at: Cursor, site: Site) -> int | None:
        """The last cut before a site, or the beginning; None when it shares a group."""
        tree = self._tree
        start = site.parts[0].start
        before = tree.previous(at)
        while before is not None:
            mark, above = tree.item(before), tree.previous(before)
            if mark.group is not None or mark.context == "frontMatter":
                return None
            if above is not None and tree.item(above).context == "frontMatter":
                return None  # the line that closes it
            if is_site(mark):
                other = site_of(tree, self._buffer, mark, before.a, before.b)
                apart = self._apart(other, site)
                return None if apart is None else apart[1]
            cut = self._counter.last_cut(before.b, start) if before.b < start else None
            if cut is not None:
                return cut
            before = above
        return 0

    def _behind(self, at: Cursor, site: Site) -> int | None:
        """The first cut behind a site, or the end; None when it shares a group."""
        tree, stop = self._tree, site.parts[-1].stop
        while not tree.is_end(at):
            mark = tree.item(at)
            if at.b >= stop:
                if is_site(mark):
                    other = site_of(tree, self._buffer, mark, at.a, at.b)
                    apart = self._apart(site, other) if mark.group is None else None
                    return None if apart is None else apart[0]
                cut = self._counter.first_cut(stop, at.b) if at.b > stop else None
                if cut is not None:
                    return cut
            at = tree.next(at)
        cut = self._counter.first_cut(stop, len(self._buffer))
        return len(self._buffer) if cut is None else cut

    def _apart(self, one: Site, other: Site) -> tuple[int, int] | None:
        """The first and the last safe cut between two sites that neither decides about, if any."""
        stop, start = one.parts[-1].stop, other.parts[0].start
        if stop >= start:
            return None
        first = self._counter.first_cut(stop, start)
        if first is not None:
            last = self._counter.last_cut(stop, start)
            return first, first if last is None else last
        head = other.parts[0].content.head[:_LOOK_AHEAD]
        if not head or start - stop > _WINDOW_MAX:
            return None
        # The text between them can be cut where what is sent next begins as what is written does:
        # a content begins with its head, whatever stands around it.
        between = self._buffer.slice(stop, start)
        written = self._buffer.slice(start, min(start + _LOOK_AHEAD, other.parts[0].stop))
        after = self._counter.engine.cuts.after
        cut = after(between + head)
        if cut is None or cut > len(between) or cut != after(between + written):
            return None
        return stop + cut, stop + cut

    def _count(self, group: list[Site], low: int | None, high: int | None) -> bool:
        """Count a group between two cuts; None where no other group is on that side."""
        counter, buffer = self._counter, self._buffer
        parts = [part for site in group for part in site.parts]
        start = counter.last_cut(0, parts[0].start) if low is None else low
        stop = counter.first_cut(parts[-1].stop, len(buffer)) if high is None else high
        start = 0 if start is None else start
        stop = len(buffer) if stop is None else stop
        window = buffer.slice(start, stop) if stop - start <= _WINDOW_MAX else None
        rendered = self._rendered(parts, start, stop)
        own = self._between(start, stop) if window is None else counter.count_text(window)
        if own is None:
            return False
        difference = rendered - own
        extras = [0] * len(group)
        for number, site in enumerate(group[:-1]):
            for part in site.parts:
                written = self._between(part.start, part.stop)
                if written is None:
                    return False
                extras[number] += total(part.content, counter.engine) - written
        # What the seams add or save stands with the last one.
        extras[-1] = difference - sum(extras)
        marks = tuple(site.mark for site in group)
        for site, extra in zip(group, extras, strict=True):
            mark = site.mark
            self._set(mark, site.start, extra)
            if window is None:
                mark.lead = site.line - buffer.line_of(start)
                mark.reach = max(buffer.line_of(stop) - site.line, 1)
            else:
                inside = max(site.start - start, 0)
                mark.lead = count_breaks(window[:inside])
                mark.reach = max(count_breaks(window[inside:]), 1)
            mark.group = marks if len(marks) > 1 else None
            mark.stale = False
        return True

    def _rendered(self, parts: list[Part], start: int, stop: int) -> int:
        """Tokens of what is sent between two cuts: a content adds all but its ends as it is."""
        slice_, count = self._buffer.slice, self._counter.count_text
        tokens = 0
        text = slice_(start, parts[0].start)
        starts = [part.start for part in parts[1:]]
        for part, following in zip(parts, [*starts, stop], strict=True):
            content = part.content
            text += content.head
            if content.tokens is not None:
                tokens += count(text) + content.tokens
                text = content.tail
            text += slice_(part.stop, following)
        return tokens + count(text)

    def _between(self, start: int, stop: int) -> int | None:
        """Tokens that begin between two offsets; None while they are being counted."""
        counter = self._counter
        if counter.pending_before(stop) > counter.pending_before(start):
            return None
        before, after = counter.tokens_before(start), counter.tokens_before(stop)
        return None if before is None or after is None else after - before

    def _set(self, mark: Mark, start: int, extra: int) -> None:
        if extra != mark.extra:
            at = self._tree.find(CHARACTERS, start)
            if not start and self._tree.item(self._tree.start()) is mark:
                at = self._tree.start()  # a mark without text of its own
            self._tree.add(at, 0, 0, pack(0, extra) - pack(0, mark.extra))
            mark.extra = extra
