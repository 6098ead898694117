"""The sections of a document, kept while it is edited.

Marks (`marks`) lie in a tree with the lines, characters and tokens of the text up to the next
mark. An edit reads again only the lines around it. If their marks are what they were, or only
headings came and went, everything else stays; otherwise all marks are resolved anew (`settle`), in
slices where there are many, and until then the outline says that it is not `settled`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from promptls.prompts.dialects.model import Dialect
from promptls.prompts.front_fences import (
    HEADER_LINES,
    find_front_matter,
    front_matter_lines,
)
from promptls.prompts.line_grammar import LineGrammar
from promptls.prompts.mark_tree import CHARACTERS, COUNTS, LINES, MarkTree, pack
from promptls.prompts.marks import LINE_LIMIT, Found, Kind, Mark
from promptls.prompts.nearby import resolve_nearby
from promptls.prompts.references import REFERENCE_LIMIT, Reference
from promptls.prompts.rereading import leads_to, reread
from promptls.prompts.resolve import FRONT_MATTER_LINES, Structure, resolve
from promptls.prompts.substitutions import is_site, is_unsent
from promptls.text import Change, TextBuffer
from promptls.text.sum_tree import Cursor
from promptls.tokens.cuts import LineCuts

SETTLE_NOW_MAX = 2000
"""Marks that are resolved at once (about 2 ms); more are resolved in slices."""

TokensBefore = Callable[[int], int | None]
"""Tokens before an offset; None while they are not known."""


Watch = Callable[[Iterator[int]], object]
"""Goes through all offsets that it is given."""


class Outline:
    """Where sections begin and end in a TextBuffer."""

    def __init__(
        self,
        buffer: TextBuffer,
        dialect: Dialect,
        text: str | None = None,
        *,
        line_cuts: LineCuts = "safe",
        watch: Watch | None = None,
    ) -> None:
        self._buffer = buffer
        self.line_cuts = line_cuts
        self.grammar = LineGrammar(dialect)
        self.reset(text, watch)

    @property
    def dialect(self) -> Dialect:
        """The dialect whose sections these are."""
        return self.grammar.dialect

    @property
    def tree(self) -> MarkTree:
        """The marks, for `sections` and `unsent` to read."""
        return self._tree

    @property
    def buffer(self) -> TextBuffer:
        """The text."""
        return self._buffer

    @property
    def settled(self) -> bool:
        """Whether ranks and sections are those of the text as it stands."""
        return self._resolving is None

    def reset(self, text: str | None = None, watch: Watch | None = None) -> None:
        """Read the whole text anew; `watch` is given the offsets of marks while that goes on."""
        text = self._buffer.text() if text is None else text
        found: list[Found] = []
        (watch or _exhaust)(self.grammar.scan_into(found, text))
        self._tree = MarkTree(self._entries(found, text))
        self.generation = 0
        """Grows whenever sections may have come, gone or moved in the order."""
        self.front_matter_changed = True
        """Set when the front matter may read otherwise than before; the reader clears it."""
        self.directives_changed = True
        """Set when directives may have come, gone, moved or changed; the reader clears it."""
        self.has_sites = False
        """Whether there may be something that is sent otherwise than it is written."""
        self._has_unsent = False
        self.has_references = False
        """Whether there may be references; stays set until all marks are resolved anew."""
        self.expanded_known = True
        """Whether the expanded tokens are those of the text as it stands; see `substitutions`."""
        self.stale_at: list[int] = []
        """Where the lines of the few marks begin that are stale while the rest is known."""
        self.references_changed = True
        """Set when references may have come, gone or changed; the reader clears it."""
        self._has_tags = False
        self._front_mark: Mark | None = None
        self._front_close: Mark | None = None
        self._resolving: Iterator[Structure] | None = None
        self._unsettle()

    def _entries(self, found: list[Found], text: str) -> list[tuple[Mark, int, int, int]]:
        """Marks with their weights; tokens are not known yet."""
        entries: list[tuple[Mark, int, int, int]] = []
        mark, line, start = Mark(Kind.START), 0, 0
        for next_line, next_mark, next_start in found:
            entries.append((mark, next_line - line, next_start - start, 0))
            mark, line, start = next_mark, next_line, next_start
        entries.append((mark, self._buffer.line_count - line, len(text) - start, 0))
        return entries

    def offsets(self) -> list[int]:
        """Where marks stand, in ascending order."""
        offsets = []
        offset = 0
        for _, _, length, _ in self._tree.iterate(self._tree.start()):
            offsets.append(offset)
            offset += length
        return offsets

    # Following edits

    def apply(self, change: Change, difference: int | None, tokens_before: TokensBefore) -> bool:
        """Follow a change; `difference` is that of the total of tokens, None if not known.

        Returns False when tokens of sections are not known any more and `recount` is due.
        """
        tree = self._tree
        growth = len(change.inserted) - len(change.removed)
        at = tree.find(LINES, change.first_line)
        if tree.is_end(at):
            at = tree.previous(at) or at
        mark = tree.item(at)
        stop = change.first_line + change.old_lines
        next_line = at.a + tree.weights(at)[LINES]
        loose = self._is_loose(at)
        if (
            (at.a < change.first_line or mark.kind is Kind.START)
            and stop <= next_line
            and change.new_lines <= 20
            and not mark.leads_to_after
            and (stop < next_line or self._next_kind(at) is not Kind.RULE)
            and self._plain(change.first_line, change.new_lines)
            and not self._is_header(change)
        ) or (
            at.a == change.first_line
            and change.old_lines == change.new_lines == 1
            and self._rewrite(mark, change)
        ):
            if self.has_sites:
                self._touch_sites(change, at, growth)
            known = difference or 0
            tree.add(at, change.new_lines - change.old_lines, growth, pack(known, known))
            if loose or self._is_loose(at):
                return self._count_again(tree.previous(at) or at, 3, tokens_before)
            return difference is not None
        return self._apply_marks(change, growth, tokens_before)

    def _next_kind(self, at: Cursor) -> Kind | None:
        following = self._tree.next(at)
        return None if self._tree.is_end(following) else self._tree.item(following).kind

    def _plain(self, first: int, count: int) -> bool:
        """Whether none of the lines has a mark."""
        classify, line_text = self.grammar.classify, self._buffer.line_text
        return all(
            classify(line_text(line, REFERENCE_LIMIT), first=line == 0) is None
            for line in range(first, first + count)
        )

    def _is_header(self, change: Change) -> bool:
        """Whether a header of comments, that front matter may stand below, is concerned."""
        return self.dialect.header_comments and change.first_line <= HEADER_LINES

    def _rewrite(self, mark: Mark, change: Change) -> bool:
        """Give a mark its line as it reads now; False when that changes what it is."""
        if mark.kind in (Kind.START, Kind.RULE) or mark.setext or self._is_header(change):
            return False
        line = self._buffer.line_text(change.first_line, REFERENCE_LIMIT)
        now = self.grammar.classify(line, first=change.first_line == 0)
        # Whether a rule below makes it a title is seen by reading both lines again.
        may_be_title = mark.kind in (Kind.AFTER, Kind.COMMENT_END, Kind.REFERENCE)
        if may_be_title and self._next_kind_at(change.first_line + 1) is Kind.RULE:
            return False
        if mark.kind is Kind.AFTER:
            if (
                (now is not None and now.kind is not Kind.REFERENCE)
                or mark.closes
                or not line.strip(" \t")
            ):
                return False
            mark.text, mark.width, mark.hint = line[:LINE_LIMIT], -1, None
            self._refer(mark, () if now is None else now.references)
            return True
        if now is None or now.signature() != mark.signature():
            return False
        mark.text, mark.name, mark.width, mark.hint = now.text, now.name, -1, None
        self._refer(mark, now.references)
        if mark.kind is not Kind.REFERENCE:
            self.generation += 1
        if mark.directive:
            self.directives_changed = True
            self.expanded_known = False
        return True

    def _refer(self, mark: Mark, references: tuple[Reference, ...]) -> None:
        """Give a mark the references that its line holds now."""
        if not (references or mark.references):
            return
        before = Mark(mark.kind)
        before.references, before.resolutions = mark.references, mark.resolutions
        before.contents = mark.contents
        mark.references, mark.resolutions, mark.contents = references, (), ()
        mark.reference_hints = None
        mark.stale = True
        if not mark.keep_resolutions(before) and mark.active:
            self.references_changed = self.has_references = True

    def _next_kind_at(self, line: int) -> Kind | None:
        at = self._tree.find(LINES, line)
        if self._tree.is_end(at) or at.a != line:
            return None
        return self._tree.item(at).kind

    def _is_loose(self, at: Cursor) -> bool:
        """Whether a token may straddle the beginning or the end of a mark's text."""
        if self.line_cuts == "safe":
            return False
        if self.line_cuts == "unsafe":
            return True
        following = self._tree.next(at)
        return self._tree.item(at).text.startswith("/") or (
            not self._tree.is_end(following) and self._tree.item(following).text.startswith("/")
        )

    def _touch_sites(self, change: Change, at: Cursor, growth: int) -> None:
        """Make those marks stale whose expanded tokens are decided where an edit lies."""
        tree = self._tree
        front = self._front_mark
        if front is not None and change.first_line <= front.reach:
            self.front_matter_changed = True
            front.stale = True
            self.expanded_known = False
            return
        mark = tree.item(at)
        if (mark.stale and mark.references) or (
            mark.reach and (mark.stale or change.first_line <= at.a + mark.reach)
        ):
            self._stale(mark, at.b)
        before = tree.previous(at)
        while before is not None and at.a - before.a < 4:
            one = tree.item(before)
            if one.reach and change.first_line <= before.a + one.reach:
                self._stale(one, before.b)
            before = tree.previous(before)
        following = tree.next(at)
        if not tree.is_end(following):
            one = tree.item(following)
            lead = following.a - one.lead
            if one.lead > 0 and change.first_line + change.old_lines >= lead:
                self._stale(one, following.b + growth)

    def _touch_lines(
        self, old: list[Mark], tree: MarkTree, last: Cursor, starts: list[int], found: list[Mark]
    ) -> None:
        """Make the lines stale that are read again, and those around them."""
        around = [] if tree.is_end(last) else [tree.item(last)]
        if any(mark.group is not None or is_unsent(mark) for mark in (*old, *around)):
            self.expanded_known = False
        if not self.expanded_known:
            return
        for start, mark in zip(starts, (old[0], *found, *around), strict=False):
            if mark.references or mark.reach:
                mark.stale = True
                self.stale_at.append(start)

    def _stale(self, mark: Mark, offset: int) -> None:
        mark.stale = True
        if mark.group is None and self.expanded_known:
            self.stale_at.append(offset)
        else:
            self.expanded_known = False

    def _apply_marks(self, change: Change, growth: int, tokens_before: TokensBefore) -> bool:
        """Follow an edit that concerns lines with marks, or beside them."""
        tree, buffer = self._tree, self._buffer
        first_line = max(change.first_line - 1, 0)
        stop = change.first_line + change.old_lines + 1
        at = tree.find(LINES, first_line)
        at = (tree.previous(at) or at) if tree.is_end(at) else at
        # The last mark that stays, and the first one behind the lines that are read again.
        first = at if at.a < first_line or tree.item(at).kind is Kind.START else tree.previous(at)
        first = first or tree.start()
        if tree.item(first).leads_to_after:
            # Whether an AFTER mark follows is seen from there.
            first_line = first.a
            first = tree.previous(first) or tree.start()
        last = tree.next(first)
        leading = False
        while not tree.is_end(last) and (
            last.a < stop or (leading and tree.item(last).kind is Kind.AFTER)
        ):
            leading = tree.item(last).leads_to_after
            stop = max(stop, last.a + 1)
            last = tree.next(last)
        line_growth = change.new_lines - change.old_lines
        lines_stop = tree.totals()[LINES] if tree.is_end(last) else last.a
        found = reread(
            buffer, self.grammar, first_line, stop + line_growth, lines_stop + line_growth
        )
        if not tree.is_end(last) and leads_to(buffer, found, tree.item(last), last.a + line_growth):
            stop = last.a + 1
            last = tree.next(last)
            lines_stop = tree.totals()[LINES] if tree.is_end(last) else last.a
            found = reread(
                buffer, self.grammar, first_line, stop + line_growth, lines_stop + line_growth
            )
        old = []
        walk = tree.next(first)
        while walk[:2] != last[:2] and not tree.is_end(walk):
            old.append(tree.item(walk))
            walk = tree.next(walk)

        keeper = tree.item(first)
        starts = [first.b, *(buffer.line_start(item.line) for item in found), last.b + growth]
        lines = [first.a, *(item.line for item in found), lines_stop + line_growth]
        entries = [
            (mark, lines[number + 1] - lines[number], starts[number + 1] - starts[number], 0)
            for number, mark in enumerate([keeper, *(item.mark for item in found)])
        ]
        if self.has_sites:
            self._touch_sites(change, first, 0)
            self._touch_lines([keeper, *old], tree, last, starts, [item.mark for item in found])
        if any(mark.references for mark in old) or any(item.mark.references for item in found):
            self.references_changed = self.has_references = True
        if any(mark.kind is Kind.COMMENT and mark.level for mark in old) or any(
            item.mark.kind is Kind.COMMENT and item.mark.level for item in found
        ):
            self.directives_changed = True
        alike = self._take_over(old, found, change)
        tree.replace(first, last, entries)
        again = tree.start() if keeper.kind is Kind.START else tree.find(CHARACTERS, first.b)
        if alike is None or not self.settled:
            self.generation += 1
            self._unsettle()
        elif sum(alike) < max(len(old), len(found)):
            before = again
            for _ in range(alike[0]):
                before = tree.next(before)
            changed = old[alike[0] : len(old) - alike[1]]
            self._resolve_again(changed, len(found) - sum(alike), before)
        return self._count_again(again, len(entries), tokens_before)

    def _count_again(self, at: Cursor, count: int, tokens_before: TokensBefore) -> bool:
        """Ask anew for the tokens of so many marks; False when some are not known yet."""
        tree = self._tree
        known = True
        before = tokens_before(at.b)
        for _ in range(count):
            if tree.is_end(at):
                break
            weight = tree.weights(at)[COUNTS]
            following = tree.next(at)
            after = tokens_before(following.b)
            if before is None or after is None:
                known = False
                tokens = 0
            else:
                tokens = after - before
            tree.add(at, 0, 0, pack(tokens, tokens + tree.item(at).extra) - weight)
            before = after
            at = tree.next(at)
        return known

    def recount(self, tokens_at: Callable[[Sequence[int]], list[int]]) -> None:
        """Ask anew for the tokens of all marks."""
        offsets = self.offsets()
        offsets.append(len(self._buffer))
        tokens = tokens_at(offsets)
        counts = (after - before for before, after in pairwise(tokens))
        self._tree.set_counts(
            [
                pack(own, own + mark.extra)
                for own, mark in zip(counts, self._tree.items(), strict=True)
            ]
        )

    def _take_over(
        self, old: list[Mark], found: list[Found], change: Change
    ) -> tuple[int, int] | None:
        """Have new marks be what the old ones were where they structure alike.

        Gives how many do so from the first and from the last one on; None when everything must be
        resolved.
        """
        new = [item.mark for item in found]
        moves_top = change.first_line == 0 and (
            self._front_close is not None
            or any(item.line == 0 and item.mark.kind is Kind.RULE for item in found)
        )
        if moves_top or self._is_header(change):
            return None
        pairs = list(zip(old, new, strict=False))
        first = _alike(pairs)
        rest = min(len(old), len(new)) - first
        last = _alike(list(zip(reversed(old), reversed(new), strict=False))[:rest])
        kept = pairs[:first]
        if last:
            kept += zip(old[-last:], new[-last:], strict=True)
        for previous, mark in kept:
            mark.take_over(previous)
            if previous is self._front_mark:
                self._front_mark = mark
            if previous is self._front_close:
                self._front_close = mark
            if mark.text != previous.text:
                self.generation += 1
        return first, last

    def _resolve_again(self, old: list[Mark], count: int, keeper: Cursor) -> None:
        """Find out what new marks mean for the rest: near by, or by resolving everything."""
        self.generation += 1
        mark = self._tree.item(keeper)
        if mark is not self._front_close and not self._may_have_front_matter(keeper):
            outcome = resolve_nearby(self._tree, keeper, old, count, has_tags=self._has_tags)
            if outcome.resolved:
                if outcome.directives:
                    self.directives_changed = True
                    self.expanded_known = False
                    self.has_sites = True
                if outcome.references:
                    self.references_changed = True
                    self.expanded_known = self.expanded_known and not self.has_sites
                return
        self._unsettle()

    def _may_have_front_matter(self, first: Cursor) -> bool:
        """Whether a rule behind this mark can begin or end front matter."""
        front_matter = self.front_matter
        if front_matter is not None:
            return first.a < front_matter[1]
        if first.a > FRONT_MATTER_LINES:
            return False
        if self.dialect.header_comments:
            return True
        return first.a == 0 or self._buffer.line_text(0, 8).strip(" \t\ufeff") == "---"

    # Resolving

    def _unsettle(self) -> None:
        self._resolving = iter(())
        self._restart = True

    def settle_small(self) -> bool:
        """Settle at once if that takes no longer than about 2 ms."""
        return self.settled or (len(self._tree) <= SETTLE_NOW_MAX and self.settle())

    def settle(self, slices: int | None = None) -> bool:
        """Resolve the marks, or the next so many slices of them; True when settled."""
        if self._resolving is None:
            return True
        if self._restart:
            self._restart = False
            self._marks = self._tree.items()
            self._front = find_front_matter(self._tree, self._buffer, self.dialect)
            self._resolving = resolve(self._marks, self._front)
            self._last: Structure | None = None
        while slices is None or slices > 0:
            structure = next(self._resolving, None)
            if structure is None:
                break
            self._last = structure
            if slices is not None:
                slices -= 1
        else:
            return False
        assert self._last is not None  # noqa: S101 - resolve yields at least once
        self._last.install()
        self._tree.all_ranks_changed()
        self._resolving = None
        self._last = None
        self._has_tags = any(mark.section == "tag" for mark in self._marks)
        self.generation += 1
        front = self._front_mark, self._front_close
        self._front_mark = self._marks[self._front[0]] if self._front else None
        self._front_close = self._marks[self._front[1]] if self._front else None
        if front != (self._front_mark, self._front_close):
            self.front_matter_changed = True
        has_unsent = any(is_unsent(mark) for mark in self._marks)
        if self._has_unsent or has_unsent:
            # Where they stand decides about what they say, and to which section.
            self.directives_changed = True
        has_sites = has_unsent or any(is_site(mark) for mark in self._marks)
        if self.has_sites or has_sites:
            self.expanded_known = False
        self.has_sites, self._has_unsent = has_sites, has_unsent
        self.has_references = any(mark.references for mark in self._marks)
        self.references_changed = self.references_changed or self.has_references
        self._marks = []
        return True

    @property
    def front_matter(self) -> tuple[int, int] | None:
        """The first line of the front matter's fences and the first line behind them, if any."""
        if self._front_close is None:
            return None
        return front_matter_lines(self._tree, self._front_close)


def _exhaust(offsets: Iterator[int]) -> None:
    for _ in offsets:
        pass


def _alike(pairs: list[tuple[Mark, Mark]]) -> int:
    """How many pairs from the first on structure a document in the same way."""
    count = 0
    for one, other in pairs:
        if one.signature() != other.signature():
            break
        count += 1
    return count
