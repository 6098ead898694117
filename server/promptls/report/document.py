"""A prompt document: its text, its sections and its exact figures, kept while it is edited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from promptls.prompts.dialects.model import Dialect
from promptls.prompts.mark_tree import LINES, unpack
from promptls.prompts.marks import LINE_LIMIT, Mark
from promptls.prompts.outline import Outline
from promptls.prompts.references import REFERENCE_LIMIT, Reference
from promptls.prompts.sections import Section
from promptls.prompts.substitutions import Expansion
from promptls.references.resolution import PENDING, Resolution
from promptls.report.attachments import Attachments
from promptls.text import Change, Edit, PositionEncoding, TextBuffer
from promptls.tokens.counter import Batch, IncrementalCounter, Submit
from promptls.tokens.engine import Engine

COUNT_AT_ONCE_MAX = 8192
"""Characters of a document that is counted where it is opened (0.4 ms); longer ones elsewhere."""
_FEW = 16
"""Lines with stale references that are counted each by itself."""
_EXPAND_AT_ONCE_MAX = 4
"""Slices of substitutions that are counted at once (about 10 ms)."""


class Placed(NamedTuple):
    """A line that holds references, in its place."""

    line: int
    start: int
    """Characters of the document before the line."""
    mark: Mark

    def pairs(self) -> list[tuple[Reference, Resolution]]:
        """Each reference of the line with what became of it."""
        references = self.mark.references
        found = [one if isinstance(one, Resolution) else PENDING for one in self.mark.resolutions]
        found += [PENDING] * (len(references) - len(found))
        return list(zip(references, found, strict=True))

    def frozen(self) -> Placed:
        """A copy that edits do not change."""
        mark = Mark(self.mark.kind)
        mark.references, mark.resolutions = self.mark.references, self.mark.resolutions
        return self._replace(mark=mark)


class PromptDocument:
    """One document. Belongs to one thread; only the texts of a Batch travel to others."""

    def __init__(
        self,
        text: str,
        dialect: Dialect,
        encoding: PositionEncoding = "utf-16",
        *,
        engine: Engine | None = None,
        submit: Submit | None = None,
    ) -> None:
        """Read the text.

        With an engine it is counted at once: `submit` gets batches while the text is still being
        read, so that both go on together; their counts are brought to `finish`.
        """
        self.counter: IncrementalCounter | None = None
        self.revision = 0
        """Grows whenever figures change without an edit."""
        self._sections_counted = False
        self._ever_counted = False
        self._expanding: Iterator[bool] | None = None
        self.unresolved = 0
        """How many references are pending."""
        self.attachments = Attachments()
        self.buffer = buffer = TextBuffer(text, encoding)

        def count(offsets: Iterator[int]) -> None:
            assert engine is not None  # noqa: S101 - called only with one
            self.counter = IncrementalCounter(buffer, engine, offsets, text=text, submit=submit)

        self.outline = Outline(
            buffer,
            dialect,
            text,
            line_cuts="safe" if engine is None else engine.cuts.line_cuts,
            watch=None if engine is None else count,
        )
        self.outline.settle_small()

    @property
    def dialect(self) -> Dialect:
        """The dialect in which the document is read."""
        return self.outline.dialect

    def read_as(self, dialect: Dialect) -> None:
        """Read the document in another dialect from now on."""
        if dialect is self.dialect:
            return
        self.outline = Outline(self.buffer, dialect, line_cuts=self.outline.line_cuts)
        self._sections_counted = False
        self._expanding = None
        self.revision += 1
        self._refresh()

    def count_with(self, engine: Engine) -> None:
        """Count with an engine from now on, everything anew."""
        self.outline.line_cuts = engine.cuts.line_cuts
        if self.counter is not None and self.counter.engine is not engine:
            self.forget_contents()
        self.counter = IncrementalCounter(self.buffer, engine, self.outline.offsets())
        self._sections_counted = self._ever_counted = False
        self.revision += 1
        if len(self.buffer) <= COUNT_AT_ONCE_MAX:
            self.count_now()

    def stop_counting(self) -> None:
        """Forget all figures: they are not known until `count_with` is called."""
        self.counter = None
        self._sections_counted = self._ever_counted = False
        self.revision += 1

    def apply(self, edit: Edit) -> Change:
        """Edit the text; figures follow at once where that is cheap, else become pending."""
        change = self.buffer.apply(edit)
        self._expanding = None
        if edit.range is None:
            self.outline.reset(change.inserted)
            if self.counter is not None:
                self.counter.reset(self.outline.offsets(), change.inserted)
                self._ever_counted = False
                if len(self.buffer) <= COUNT_AT_ONCE_MAX:
                    self.counter.count_now()
            self._sections_counted = False
        elif self.counter is None:
            self.outline.apply(change, None, _unknown)
        else:
            difference = self.counter.apply(change)
            known = self.outline.apply(change, difference, self.counter.tokens_before)
            if not known or difference is None:
                self._sections_counted = False
        self._refresh()
        return change

    def count_now(self) -> None:
        """Count and resolve everything that is pending, here and now."""
        self.outline.settle()
        if self.counter is not None:
            self.counter.count_now()
        self._refresh()
        while not self.outline.expanded_known and self._can_expand:
            self._expand(1)

    def take_work(self, characters: int) -> Batch | None:
        """The next texts to count elsewhere; None when nothing is left to take."""
        return self.counter.take_work(characters) if self.counter is not None else None

    def finish(self, counter: IncrementalCounter, batch: Batch, counts: Sequence[int]) -> None:
        """Put in counts made elsewhere; those for an engine since replaced are dropped."""
        if counter is not self.counter:
            return
        counter.finish(batch, counts)
        self._refresh()
        self.revision += 1

    def settle(self, slices: int) -> bool:
        """Resolve so many slices of a large outline; True when it is settled."""
        outline = self.outline
        if outline.settled and (outline.expanded_known or not self._can_expand):
            return True
        if not outline.settled:
            if not outline.settle(slices):
                return False
            self._refresh()
        elif not self._expand(slices):
            return False
        self.revision += 1
        return True

    # References

    def placed(self) -> list[Placed]:
        """All lines that hold references that count, in order."""
        found = []
        line = start = 0
        tree = self.outline.tree
        for mark, lines, length, _ in tree.iterate(tree.start()):
            if mark.references and mark.active:
                found.append(Placed(line, start, mark))
            line += lines
            start += length
        return found

    def placed_between(self, first: int, last: int) -> list[Placed]:
        """Those of the lines from `first` to `last`; the cost is what stands there."""
        tree = self.outline.tree
        at = tree.start() if first <= 0 else tree.find(LINES, first)
        if at.a < first and not tree.is_end(at):
            at = tree.next(at)
        line, start = at.a, at.b
        found = []
        for mark, lines, length, _ in tree.iterate(at):
            if line > last:
                break
            if mark.references and mark.active:
                found.append(Placed(line, start, mark))
            line += lines
            start += length
        return found

    def line_of(self, place: Placed) -> str:
        """The text of a line that holds references, as far as they are looked for."""
        text = place.mark.text
        if len(text) < LINE_LIMIT:
            return text
        return self.buffer.line_text(place.line, REFERENCE_LIMIT)

    def resolve_with(self, placed: Sequence[Placed], resolutions: Sequence[Resolution]) -> bool:
        """Put in what became of all references (`placed`, flattened); tells if anything changed.

        The expanded figures of what has changed follow, at once where that is little.
        """
        outline = self.outline
        changed = False
        pending = at = 0
        stale: list[int] = []
        attached: dict[tuple[str, ...], Resolution] = {}
        for place in placed:
            mark = place.mark
            found = tuple(resolutions[at : at + len(mark.references)])
            at += len(found)
            contents = []
            for reference, resolution in zip(mark.references, found, strict=True):
                pending += resolution.status == "pending"
                content = resolution.expanded
                if reference.placement == "attached" and content is not None:
                    attached.setdefault(resolution.keys, resolution)
                contents.append(content if reference.placement == "inline" else None)
            if found == mark.resolutions:
                continue
            changed = True
            mark.resolutions = found
            mark.reference_hints = None
            if tuple(contents) != mark.contents:
                had = any(content is not None for content in mark.contents)
                mark.contents = tuple(contents)
                if had or any(content is not None for content in contents):
                    mark.stale = True
                    stale.append(place.start)
        if stale:
            outline.has_sites = True
            if outline.expanded_known and len(stale) <= _FEW:
                outline.stale_at += stale
            else:
                outline.expanded_known = False
        changed = self.attachments.put(tuple(attached.values())) or changed
        if pending != self.unresolved:
            self.unresolved = pending
            changed = True
        if changed:
            self._expanding = None
            self.revision += 1
            self._refresh()
        return changed

    def forget_contents(self) -> None:
        """What references bring in was measured in an encoding that is not counted in any more."""
        for place in self.placed():
            place.mark.contents = place.mark.resolutions = ()
            place.mark.reference_hints = None
        for mark in self.outline.tree.items():
            mark.stale = True
        self.attachments.put(())
        self.outline.references_changed = True
        self.outline.expanded_known = self.outline.expanded_known and not self.outline.has_sites

    @property
    def is_pending(self) -> bool:
        """Whether some figure is not known yet."""
        return (
            self.counter is None
            or not self._sections_counted
            or not self.outline.settled
            or not self.outline.expanded_known
        )

    @property
    def tokens(self) -> int | None:
        """Tokens of the text as it stands; None while they are being counted."""
        if self.counter is None or self.counter.pending:
            return None
        return self.counter.tokens

    @property
    def pending_references(self) -> int:
        """How many references are pending, as far as is known; 0 when none is."""
        outline = self.outline
        if outline.has_references and outline.references_changed:
            return max(self.unresolved, 1)
        return self.unresolved

    @property
    def expanded_tokens(self) -> int | None:
        """Tokens of what is sent; None while they are counted or references are resolved."""
        counter = self.counter
        if counter is None or self.is_pending or self.pending_references:
            return None
        inline = unpack(self.outline.tree.totals()[2])[1]
        return inline + self.attachments.tokens(self.outline, self.buffer, counter)

    def is_section_pending(self, section: Section) -> bool:
        """Whether a section's figures are not known yet."""
        if not self.is_pending:
            return False
        counter = self.counter
        if counter is None or not self._ever_counted or not self.outline.settled:
            return True
        if not self.outline.expanded_known and section.tokens != section.expanded:
            return True
        return counter.pending_before(section.end) > counter.pending_before(section.start)

    def _refresh(self) -> None:
        counter, outline = self.counter, self.outline
        outline.settle_small()
        if counter is None or (
            self._sections_counted and outline.expanded_known and not outline.stale_at
        ):
            return
        if not self._sections_counted:
            if counter.pending:
                return
            outline.recount(counter.tokens_at)
            self._sections_counted = self._ever_counted = True
        if not outline.settled:
            return
        if outline.expanded_known:
            expansion = Expansion(outline.tree, self.buffer, counter)
            stale, outline.stale_at = outline.stale_at, []
            # What lies in a group is counted with all others.
            outline.expanded_known = all(expansion.count_at(offset) for offset in stale)
        if not outline.expanded_known:
            self._expand(_EXPAND_AT_ONCE_MAX)

    @property
    def _can_expand(self) -> bool:
        return self.counter is not None and self._sections_counted

    def _expand(self, slices: int) -> bool:
        """Count so many slices of what is stale; True when all is known."""
        outline, counter = self.outline, self.counter
        if counter is None or not self._sections_counted or not outline.settled:
            return False
        if self._expanding is None:
            outline.stale_at = []
            self._expanding = Expansion(outline.tree, self.buffer, counter).count_all()
        for _ in range(slices):
            known = next(self._expanding, None)
            if known is None:
                self._expanding = None
                outline.expanded_known = True
                return True
            if not known:
                self._expanding = None
                return False
        return False


def _unknown(offset: int) -> None:
    """No tokens are known while there is no counter."""
