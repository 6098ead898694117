"""An exact token count that is kept while the text is edited.

The text lies in segments that begin at safe cuts, so that the count is the sum of theirs. An edit
encodes, before and after, only what lies between the nearest safe cuts around it and adds the
difference. Where that is not enough (a large insertion, a long run without a cut) the segments
concerned become *pending*: their tokens are 0 until `finish` brings the count that was made from
`take_work` elsewhere.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from promptls.text import Change, TextBuffer
from promptls.text.sum_tree import Cursor, SumTree
from promptls.tokens.engine import Engine

SEGMENT_FILL = 2048
"""Characters in a segment as it is made."""
SEGMENT_MAX = 8192
"""Characters that a segment may grow to before it is cut again."""
COUNT_NOW_MAX = 16_384
"""Characters that are encoded at once in an edit (about 1 ms); more is left to the background."""
RUN_MAX = 65_536
"""How far a safe cut is looked for on either side of an edit."""
BATCH = 1 << 16
"""Characters in a batch for the background: about 4 ms of tiktoken, so that it can be stopped."""
_WINDOW = 256
_REMEMBERED = 256
_REMEMBER_MAX = 4096
_CHARACTERS, _TOKENS, _PENDING = 0, 1, 2


class Work:
    """One pending segment; it stands in the tree until its count is there or it changes."""

    __slots__ = ("taken",)

    def __init__(self) -> None:
        self.taken = False


class Batch:
    """Texts to count, and the segments that they are the text of."""

    __slots__ = ("texts", "works")

    def __init__(self) -> None:
        self.works: list[Work] = []
        self.texts: list[str] = []


Submit = Callable[[Batch], None]
"""Takes a batch to count it elsewhere."""


class IncrementalCounter:
    """The tokens of a TextBuffer's text in one encoding.

    `boundaries` are offsets where segments shall begin if the cut is safe there, in ascending
    order: where sections begin, so that `tokens_before` is one look-up there. All segments are
    pending at first. Every method belongs to the thread that owns the buffer; only the texts of a
    `Batch` travel.
    """

    def __init__(
        self,
        buffer: TextBuffer,
        engine: Engine,
        boundaries: Iterable[int] = (),
        *,
        text: str | None = None,
        submit: Submit | None = None,
    ) -> None:
        self._buffer = buffer
        self._engine = engine
        self._remembered: dict[str, int] = {}
        self._tree: SumTree[Work | None] = SumTree()
        self.reset(boundaries, text, submit)

    @property
    def engine(self) -> Engine:
        """What counts."""
        return self._engine

    def percentage(self) -> int:
        """How much of the text is counted, 0 to 100, by segments."""
        segments = len(self._tree)
        return 100 - 100 * self.pending // segments if segments else 100

    @property
    def tokens(self) -> int:
        """Tokens of all segments that are counted; the exact total when none is pending."""
        return self._tree.totals()[_TOKENS]

    @property
    def pending(self) -> int:
        """How many segments wait for their count."""
        return self._tree.totals()[_PENDING]

    def reset(
        self,
        boundaries: Iterable[int] = (),
        text: str | None = None,
        submit: Submit | None = None,
    ) -> None:
        """Begin anew with the whole text, everything pending.

        With `submit`, batches are given away while boundaries still come in, as if taken.
        """
        text = self._buffer.text() if text is None else text
        entries: list[tuple[Work | None, int, int, int]] = []
        batch = Batch()
        start = taken = 0
        for length in self._segment_lengths(text, 0, boundaries):
            work = Work()
            entries.append((work, length, 0, 1))
            if submit is not None:
                work.taken = True
                batch.works.append(work)
                batch.texts.append(text[start : start + length])
                taken += length
                if taken >= BATCH:
                    submit(batch)
                    batch, taken = Batch(), 0
            start += length
        if submit is not None and batch.works:
            submit(batch)
        self._tree = SumTree(entries)

    def count_now(self) -> None:
        """Count everything that is pending, here and now."""
        while (batch := self.take_work(1 << 20)) is not None:
            self.finish(batch, self._engine.count_batch(batch.texts))

    def take_work(self, characters: int) -> Batch | None:
        """The next pending segments nobody has taken, of about so many characters; or None."""
        tree = self._tree
        at = tree.find(_PENDING, 0)
        if tree.is_end(at):
            return None
        batch = Batch()
        offset = at.a
        places: list[tuple[int, int]] = []
        for item, length, _, _ in tree.iterate(at):
            if item is not None and not item.taken:
                item.taken = True
                batch.works.append(item)
                places.append((offset, offset + length))
                characters -= length
                if characters <= 0:
                    break
            offset += length
        if not places:
            return None
        if places[-1][1] - places[0][0] > 2 * sum(stop - start for start, stop in places):
            batch.texts = [self._buffer.slice(start, stop) for start, stop in places]
        else:
            # Mostly they follow each other, and one slice serves all.
            base = places[0][0]
            text = self._buffer.slice(base, places[-1][1])
            batch.texts = [text[start - base : stop - base] for start, stop in places]
        return batch

    def finish(self, batch: Batch, counts: Sequence[int]) -> None:
        """Put in the counts of a batch; segments that have changed since are left pending."""
        wanted = dict(zip(batch.works, counts, strict=True))
        tree = self._tree
        first = tree.find(_PENDING, 0)
        for number, items, _ in tree.leaves_from(first.leaf):
            found: dict[int, tuple[Work | None, int, int]] = {}
            for index, item in enumerate(items):
                if item is not None and item in wanted:
                    found[index] = (None, wanted.pop(item), 0)
            if found:
                tree.set_many(number, found)
            if not wanted:
                return

    def give_back(self, batch: Batch) -> None:
        """The batch will not be counted after all: its segments can be taken again."""
        for work in batch.works:
            work.taken = False

    def apply(self, change: Change) -> int | None:
        """Follow a change of the buffer.

        Returns the difference of the total, or None when a pending segment is concerned.
        """
        start = change.start
        old_stop = start + len(change.removed)
        new_stop = start + len(change.inserted)
        tree = self._tree
        left = self._cut_before(start)
        right = self._cut_after(new_stop)
        if left is None or right is None:
            return self._resegment(start, old_stop, new_stop)
        old_right = right - new_stop + old_stop
        at = tree.find(_CHARACTERS, left)
        if tree.is_end(at):
            # An empty text has no segment, and at the end of a text there is none behind it.
            at = tree.previous(at) or at
            if tree.is_end(at):
                return self._resegment(start, old_stop, new_stop)
        length, _, pending = tree.weights(at)
        growth = len(change.inserted) - len(change.removed)
        if (
            pending
            or old_right > at.a + length
            or length + growth <= 0
            # A segment that is larger still holds a run that nothing can cut.
            or SEGMENT_MAX < length + growth <= 2 * SEGMENT_MAX
            or (length <= SEGMENT_MAX < length + growth)
            or right - left > COUNT_NOW_MAX
        ):
            return self._apply_across(change, left, right, at)
        difference = self._difference(change, left, right)
        tree.add(at, growth, difference, 0)
        return difference

    def tokens_before(self, offset: int) -> int | None:
        """Tokens whose first byte lies before the character at `offset`.

        None while the segment that holds the offset is pending; segments before it that are
        pending count 0 (see `pending_before`).
        """
        tree = self._tree
        at = tree.find(_CHARACTERS, offset)
        inside = offset - at.a
        if not inside or tree.is_end(at):
            return at.b
        length, tokens, pending = tree.weights(at)
        if pending:
            return None
        buffer, engine = self._buffer, self._engine
        text = buffer.slice(at.a, at.a + length)
        if engine.cuts.is_line_cut(text, inside):
            head = engine.count(text[:inside])
            tree.replace(
                at,
                tree.next(at),
                [(None, inside, head, 0), (None, length - inside, tokens - head, 0)],
            )
            return at.b + head
        return at.b + self._count_before(text, inside)

    def pending_before(self, offset: int) -> int:
        """How many pending segments begin before the character at `offset`."""
        tree = self._tree
        at = tree.find(_CHARACTERS, offset)
        if offset == at.a or tree.is_end(at):
            return at.c
        return at.c + tree.weights(at)[_PENDING]

    def tokens_at(self, offsets: Sequence[int]) -> list[int]:
        """`tokens_before` for many offsets in ascending order, in one pass where they are cuts.

        Segments that are pending count 0.
        """
        starts: list[int] = []
        sums: list[int] = []
        offset = tokens = 0
        for _, length, count, _ in self._tree.iterate(self._tree.start()):
            starts.append(offset)
            sums.append(tokens)
            offset += length
            tokens += count
        known = dict(zip(starts, sums, strict=True))
        known[offset] = tokens
        result: list[int] = []
        for wanted in offsets:
            found = known.get(wanted)
            if found is None:
                found = self.tokens_before(wanted)
            if found is None:
                found = sums[max(bisect_right(starts, wanted) - 1, 0)]
            result.append(found)
        return result

    def count_text(self, text: str) -> int:
        """Tokens of a short text, remembered."""
        known = self._remembered.get(text)
        if known is None:
            known = self._engine.count(text)
            if len(text) <= _REMEMBER_MAX:
                if len(self._remembered) >= _REMEMBERED:
                    self._remembered.clear()
                self._remembered[text] = known
        return known

    def first_cut(self, start: int, stop: int) -> int | None:
        """The first safe cut behind `start` that looks at nothing outside of the two offsets."""
        reach = _WINDOW
        while True:
            end = min(start + reach, stop)
            cut = self._engine.cuts.after(self._buffer.slice(start, end))
            if cut is not None:
                return start + cut
            if end == stop:
                return None
            reach *= 8

    def last_cut(self, start: int, stop: int) -> int | None:
        """The last safe cut before `stop` that looks at nothing outside of the two offsets."""
        reach = _WINDOW
        while True:
            begin = max(stop - reach, start)
            cut = self._engine.cuts.before(self._buffer.slice(begin, stop), stop - begin)
            if cut is not None:
                return begin + cut
            if begin == start:
                return None
            reach *= 8

    def _count_before(self, text: str, inside: int) -> int:
        """Tokens before `inside`; only the text between the cuts around it is looked at closely."""
        cuts = self._engine.cuts
        left = cuts.before(text, inside) or 0
        right = cuts.after(text, inside) or len(text)
        return self._engine.count(text[:left]) + self._engine.count_before(
            text[left:right], inside - left
        )

    def _difference(self, change: Change, left: int, right: int) -> int:
        new = self._buffer.slice(left, right)
        head = change.start - left
        old = new[:head] + change.removed + new[head + len(change.inserted) :]
        return self.count_text(new) - self.count_text(old)

    def _cut_before(self, offset: int) -> int | None:
        """The last cut before `offset`; 0 counts as one; None beyond RUN_MAX."""
        base, chunk = self._buffer.window(max(offset - 1, 0))
        cut = self._engine.cuts.before(chunk, offset - base)
        if cut is not None:
            return base + cut
        reach = _WINDOW
        while base > 0:
            if offset - base > RUN_MAX:
                return None
            reach *= 8
            base = max(offset - reach, 0)
            cut = self._engine.cuts.before(self._buffer.slice(base, offset), offset - base)
            if cut is not None:
                return base + cut
        return 0

    def _cut_after(self, offset: int) -> int | None:
        """The first cut behind `offset`; the end counts as one; None beyond RUN_MAX."""
        base, chunk = self._buffer.window(offset)
        cut = self._engine.cuts.after(chunk, offset - base)
        if cut is not None:
            return base + cut
        size = len(self._buffer)
        reach = _WINDOW
        stop = base + len(chunk)
        while stop < size:
            if stop - offset > RUN_MAX:
                return None
            reach *= 8
            stop = min(offset + reach, size)
            cut = self._engine.cuts.after(self._buffer.slice(offset, stop))
            if cut is not None:
                return offset + cut
        return size

    def _apply_across(self, change: Change, left: int, right: int, at: Cursor) -> int | None:
        """Follow a change that concerns several segments, a pending one, or one grown too large."""
        tree = self._tree
        old_right = right - len(change.inserted) + len(change.removed)
        first = at
        characters = tokens = pending = 0
        while not tree.is_end(at) and at.a < max(old_right, first.a + 1):
            weights = tree.weights(at)
            characters += weights[_CHARACTERS]
            tokens += weights[_TOKENS]
            pending += weights[_PENDING]
            at = tree.next(at)
        growth = len(change.inserted) - len(change.removed)
        size = characters + growth
        if pending or right - left > COUNT_NOW_MAX or size > 4 * SEGMENT_MAX:
            known = None if pending else tokens
            return self._put_segments(first, at, size, known)
        if size > SEGMENT_MAX:
            return self._put_segments(first, at, size, tokens)
        difference = self._difference(change, left, right)
        entries: list[tuple[Work | None, int, int, int]] = []
        if size:
            entries.append((None, size, tokens + difference, 0))
        tree.replace(first, at, entries)
        return difference

    def _resegment(self, start: int, old_stop: int, new_stop: int) -> int | None:
        """Cut all segments that a change touches anew."""
        tree = self._tree
        first = tree.find(_CHARACTERS, max(start - 1, 0))
        last = first
        characters = tokens = pending = 0
        while not tree.is_end(last) and last.a <= old_stop:
            weights = tree.weights(last)
            characters += weights[_CHARACTERS]
            tokens += weights[_TOKENS]
            pending += weights[_PENDING]
            last = tree.next(last)
        size = characters + new_stop - old_stop
        return self._put_segments(first, last, size, None if pending else tokens)

    def _put_segments(
        self, first: Cursor, last: Cursor, size: int, old_tokens: int | None
    ) -> int | None:
        """Segments for the `size` characters from `first.a` on in the place of those up to `last`.

        Counted at once when they are short and the old ones were counted, else pending.
        """
        text = self._buffer.slice(first.a, first.a + size)
        lengths = list(self._segment_lengths(text, 0, ()))
        if old_tokens is None or size > COUNT_NOW_MAX:
            self._tree.replace(first, last, [(Work(), length, 0, 1) for length in lengths])
            return None
        entries: list[tuple[Work | None, int, int, int]] = []
        offset = 0
        total = 0
        for length in lengths:
            count = self._engine.count(text[offset : offset + length])
            entries.append((None, length, count, 0))
            offset += length
            total += count
        self._tree.replace(first, last, entries)
        return total - old_tokens

    def _segment_lengths(self, text: str, start: int, boundaries: Iterable[int]) -> Iterator[int]:
        cuts = self._engine.cuts
        after, is_line_cut = cuts.after, cuts.is_line_cut
        size = len(text)
        for boundary in chain(boundaries, (size,)):
            while boundary - start > SEGMENT_MAX // 2:
                cut = after(text, start + SEGMENT_FILL)
                if cut is None or cut >= boundary:
                    break
                yield cut - start
                start = cut
            if boundary > start and (boundary == size or is_line_cut(text, boundary)):
                yield boundary - start
                start = boundary
