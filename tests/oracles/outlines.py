"""An outline with its counter, built and followed as a document does it."""

from __future__ import annotations

from tests.oracles.reference_encodings import tiktoken_engine

from promptls.prompts.dialects import Dialect
from promptls.prompts.outline import Outline
from promptls.prompts.sections import Section, all_sections, snapshot
from promptls.prompts.substitutions import Expansion, sites
from promptls.text import TextBuffer
from promptls.tokens.counter import IncrementalCounter


class CountedOutline:
    """A text with its sections and tokens, all of it known."""

    def __init__(self, text: str, dialect: Dialect, encoding: str = "cl100k_base") -> None:
        self.buffer = TextBuffer(text)
        engine = tiktoken_engine(encoding)
        self.outline = Outline(self.buffer, dialect, line_cuts=engine.cuts.line_cuts)
        self.counter = IncrementalCounter(self.buffer, engine, self.outline.offsets())
        self.outline.settle()
        self.counter.count_now()
        self.outline.recount(self.counter.tokens_at)
        self._expand()

    def replace(self, start: int, stop: int, text: str) -> None:
        """Follow an edit to the end."""
        change = self.buffer.replace(start, stop, text)
        difference = self.counter.apply(change)
        known = self.outline.apply(change, difference, self.counter.tokens_before)
        if not known:
            self.counter.count_now()
        while not self.outline.settle(1):
            pass
        if not known:
            self.outline.recount(self.counter.tokens_at)
        self._expand()

    def sections(self) -> list[Section]:
        """All sections."""
        return all_sections(snapshot(self.outline))

    def sent(self) -> str:
        """The text without the parts that are not sent."""
        pieces = []
        position = 0
        for site in sites(self.outline.tree, self.buffer):
            for part in site.parts:
                pieces.append(self.buffer.slice(position, part.start))
                position = part.stop
        pieces.append(self.buffer.slice(position, len(self.buffer)))
        return "".join(pieces)

    def _expand(self) -> None:
        outline = self.outline
        expansion = Expansion(outline.tree, self.buffer, self.counter)
        if outline.expanded_known:
            outline.expanded_known = all(expansion.count_at(at) for at in outline.stale_at)
        outline.stale_at = []
        if not outline.expanded_known:
            assert all(expansion.count_all())
            outline.expanded_known = True
