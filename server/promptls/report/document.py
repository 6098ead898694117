"""A prompt document: its text, its sections and its exact figures, kept while it is edited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from promptls.prompts.dialects.model import Dialect
from promptls.prompts.mark_tree import unpack
from promptls.prompts.outline import Outline
from promptls.prompts.sections import Section
from promptls.prompts.unsent import count_expanded, unsent_parts
from promptls.text import Change, Edit, PositionEncoding, TextBuffer
from promptls.tokens.counter import Batch, IncrementalCounter, Submit
from promptls.tokens.engine import Engine

COUNT_AT_ONCE_MAX = 8192
"""Characters of a document that is counted where it is opened (0.4 ms); longer ones elsewhere."""


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
        self.revision += 1
        self._refresh()

    def count_with(self, engine: Engine) -> None:
        """Count with an engine from now on, everything anew."""
        self.outline.line_cuts = engine.cuts.line_cuts
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
        if self.outline.settled:
            return True
        if not self.outline.settle(slices):
            return False
        self._refresh()
        self.revision += 1
        return True

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
    def expanded_tokens(self) -> int | None:
        """Tokens of what is sent; None while they are being counted."""
        if self.is_pending:
            return None
        return unpack(self.outline.tree.totals()[2])[1]

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

    def rendered(self) -> list[tuple[int, str]]:
        """What is sent, in pieces, each with its offset in the document."""
        if not self.outline.settled:
            self.outline.settle()
        pieces = []
        position = 0
        for part in unsent_parts(self.outline.tree, self.buffer):
            if part.start > position:
                pieces.append((position, self.buffer.slice(position, part.start)))
            position = max(position, part.stop)
        if position < len(self.buffer):
            pieces.append((position, self.buffer.slice(position, len(self.buffer))))
        return pieces

    def _refresh(self) -> None:
        counter, outline = self.counter, self.outline
        outline.settle_small()
        if counter is None or (self._sections_counted and outline.expanded_known):
            return
        if counter.pending:
            return
        if not self._sections_counted:
            outline.recount(counter.tokens_at)
            self._sections_counted = self._ever_counted = True
        if not outline.expanded_known and outline.settled:
            outline.expanded_known = count_expanded(outline.tree, self.buffer, counter)


def _unknown(offset: int) -> None:
    """No tokens are known while there is no counter."""
