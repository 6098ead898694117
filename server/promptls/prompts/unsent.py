"""What a dialect does not send: front matter, role lines and our own directives.

The expanded count is that of the text without these parts. Around each of them the text that is
joined at the seam, up to the nearest safe cuts, is encoded by itself; everything else counts as it
does in the whole text. Parts with no safe cut between them share one seam.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from promptls.prompts.mark_tree import CHARACTERS, OWN, MarkTree, pack
from promptls.prompts.marks import Mark
from promptls.text import TextBuffer

_UNSENT_SECTIONS = frozenset({"frontMatter", "role"})


class Part(NamedTuple):
    """One part that is not sent: characters from `start` up to `stop`."""

    start: int
    stop: int
    line: int
    mark: Mark


class SeamCounter(Protocol):
    """What is needed of the incremental counter."""

    def tokens_before(self, offset: int) -> int | None:
        """Tokens that begin before an offset."""

    def count_text(self, text: str) -> int:
        """Tokens of a text by itself."""

    def first_cut(self, start: int, stop: int) -> int | None:
        """The first safe cut behind `start` that looks at nothing outside of the two offsets."""

    def last_cut(self, start: int, stop: int) -> int | None:
        """The last safe cut before `stop` that looks at nothing outside of the two offsets."""


def is_unsent(mark: Mark) -> bool:
    """Whether a part that is not sent begins at a mark."""
    return mark.directive or mark.section in _UNSENT_SECTIONS


def unsent_parts(tree: MarkTree, buffer: TextBuffer) -> Iterator[Part]:
    """All parts that are not sent, in order; the outline must be settled."""
    line = start = 0
    for mark, lines, length, _ in tree.iterate(tree.start()):
        if is_unsent(mark):
            yield Part(start, _stop(tree, buffer, line, start, mark), line, mark)
        line += lines
        start += length


def _stop(tree: MarkTree, buffer: TextBuffer, line: int, start: int, mark: Mark) -> int:
    if mark.section == "frontMatter":
        at = tree.find(CHARACTERS, start)
        return tree.next_at_most(tree.next(at), mark.rank).b
    if mark.section == "role" and mark.size:
        return start + mark.size
    return buffer.line_start(line + 1)


def count_expanded(tree: MarkTree, buffer: TextBuffer, counter: SeamCounter) -> bool:
    """Give every mark its expanded tokens; False when some count is not known yet."""
    weights = [weight for _, _, _, weight in tree.iterate(tree.start())]
    sent = [pack(weight & OWN, weight & OWN) for weight in weights]
    if sent != weights:
        tree.set_counts(sent)
    groups: list[list[Part]] = []
    for part in unsent_parts(tree, buffer):
        if groups and not _is_apart(groups[-1][-1], part, counter):
            groups[-1].append(part)
        else:
            groups.append([part])
    size = len(buffer)
    for number, group in enumerate(groups):
        low = groups[number - 1][-1].stop if number else 0
        high = groups[number + 1][0].start if number + 1 < len(groups) else size
        start = counter.last_cut(low, group[0].start)
        stop = counter.first_cut(group[-1].stop, high)
        start = low if start is None else start
        stop = high if stop is None else stop
        if not _count_seam(tree, buffer, counter, group, start, stop):
            return False
    return True


def _is_apart(one: Part, other: Part, counter: SeamCounter) -> bool:
    """Whether there is a safe cut between two parts that neither decides about."""
    return one.stop < other.start and counter.first_cut(one.stop, other.start) is not None


def _count_seam(
    tree: MarkTree,
    buffer: TextBuffer,
    counter: SeamCounter,
    group: list[Part],
    start: int,
    stop: int,
) -> bool:
    kept = []
    position = start
    for part in group:
        kept.append(buffer.slice(position, part.start))
        position = part.stop
    kept.append(buffer.slice(position, stop))
    before, after = counter.tokens_before(start), counter.tokens_before(stop)
    if before is None or after is None:
        return False
    difference = counter.count_text("".join(kept)) - (after - before)
    for part in group:
        first, behind = counter.tokens_before(part.start), counter.tokens_before(part.stop)
        if first is None or behind is None:
            return False
        own = behind - first
        difference += own
        # Each part takes away its own tokens; what the seam adds or saves stands with the last.
        rest = difference if part is group[-1] else 0
        tree.add(tree.find(CHARACTERS, part.start), 0, 0, pack(0, rest - own))
    first_line, last_line = buffer.line_of(start), buffer.line_of(stop)
    for part in group:
        part.mark.lead = part.line - first_line
        part.mark.reach = max(last_line - part.line, 1)
    return True
