"""Random edits in the real server process: text, figures and sections stay exact.

`PROMPTLS_EDITS` says how many edits are made (2,000); `PROMPTLS_SEED` repeats a run. The text is
compared by its tokens and by everything a fresh document of the expected text reports: a text that
differs in one character shows in one of them.
"""

from __future__ import annotations

import os
import random
from contextlib import ExitStack
from pathlib import Path
from typing import get_args

import pytest
from tests.lsp.comparison import difference
from tests.lsp.editor import Editor, running
from tests.lsp.random_edits import (
    AnyDocument,
    Editing,
    ModelDocument,
    Step,
    as_change,
    documents,
    halves,
)
from tests.oracles.text_document import NotAvailableError, ReferenceTextDocument
from tests.oracles.text_model import Edited, Encoding

EDITS = int(os.environ.get("PROMPTLS_EDITS", "2000"))
SEED = int(os.environ.get("PROMPTLS_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)
OPEN_AT_ONCE = 3
EDITS_BETWEEN_CHECKS = 10
EDITS_OF_ONE = 250
"""Edits after which another document takes a document's place."""
SMALLER_TRIES = 60
SETTINGS = '[budget]\ndocument = 900\nsection = 120\n\n[[files]]\nglob = "*.txt"\nmodel = "o3"\n'


def begin_oracle(stack: ExitStack) -> AnyDocument:
    try:
        return stack.enter_context(ReferenceTextDocument())
    except NotAvailableError:
        return ModelDocument()


def test_reference_is_the_one_from_npm() -> None:
    """The edits below are compared with it; a model in Python stands in where it is missing."""
    try:
        with ReferenceTextDocument() as document:
            assert document.open("a\r\nb") == "a\r\nb"
    except NotAvailableError as error:
        pytest.skip(f"random edits are compared with a model in Python instead: {error}")


class Run:
    """One server with a few documents open, edited in turn and compared."""

    def __init__(self, editor: Editor, encoding: Encoding, stack: ExitStack, seed: str) -> None:
        self.editor = editor
        self.encoding = encoding
        self.source = random.Random(seed)
        self.corpus = documents()
        self.texts = [text for _, text in self.corpus]
        self.slots = [Slot(self, place, stack) for place in range(OPEN_AT_ONCE)]
        self.checks = 0

    def edits(self, number: int) -> int:
        done = 0
        for slot in self.slots:
            slot.begin()
        while done < number:
            slot = self.source.choice(self.slots)
            done += slot.advance()
        for slot in self.slots:
            slot.check()
        return done


class Slot:
    """A place for one document after the other."""

    def __init__(self, run: Run, place: int, stack: ExitStack) -> None:
        self._run = run
        self._place = place
        self._oracle = begin_oracle(stack)
        self._editing = Editing(self._oracle, "", run.encoding)
        self._name = ""
        self._first = ""
        self._steps: list[Step] = []
        self._checked = 0

    def begin(self) -> None:
        run = self._run
        self._name, self._first = run.source.choice(run.corpus)
        self._editing = Editing(self._oracle, self._first, run.encoding)
        self._steps, self._checked = [], 0
        run.editor.open(self._uri("edited"), self._first)

    def advance(self) -> int:
        """Send one didChange; compare after some, and change the document after many."""
        step = self._editing.step(self._run.source, self._run.texts)
        self._steps.append(step)
        self._run.editor.change(self._uri("edited"), *step.changes())
        edits = sum(len(step.edits) for step in self._steps)
        if edits - self._checked >= EDITS_BETWEEN_CHECKS:
            self._checked = edits
            self.check()
        if edits >= EDITS_OF_ONE:
            self.check()
            self._run.editor.close(self._uri("edited"))
            self.begin()
        return len(step.edits)

    def check(self) -> None:
        self._run.checks += 1
        difference = self._difference(self._uri("edited"), self._editing.text)
        if difference:
            pytest.fail(self._reproduction(difference))

    def _uri(self, folder: str) -> str:
        return self._run.editor.uri(f"{folder}{self._place}/{self._name}")

    def _difference(self, uri: str, text: str) -> str:
        return difference(self._run.editor, uri, self._uri("fresh"), text)

    def _reproduction(self, difference: str) -> str:
        """Describe the failure with as few edits as are found to show it."""
        edits = [edit for step in self._steps for edit in step.edits]
        tried = 0
        smaller = True
        while smaller and tried < SMALLER_TRIES:
            smaller = False
            for fewer in halves(edits):
                tried += 1
                if tried > SMALLER_TRIES:
                    break
                found = self._replay(fewer)
                if found:
                    edits, difference, smaller = fewer, found, True
                    break
        return (
            f"{difference}\nseed {SEED}, {self._run.encoding}, document {self._name}\n"
            f"log: {self._run.editor.wire.stderr[-2000:]}\n"
            f"edits (line, character, line, character), text:\n{edits!r}"
        )

    def _replay(self, edits: list[Edited]) -> str:
        run = self._run
        editing = Editing(self._oracle, self._first, run.encoding)
        uri = run.editor.open(self._uri("again"), self._first)
        run.editor.report(uri)
        for edit in edits:
            editing.apply(edit)
            run.editor.change(uri, dict(as_change(edit)))
        difference = self._difference(uri, editing.text)
        run.editor.close(uri)
        return difference


@pytest.mark.parametrize("encoding", get_args(Encoding))
def test_random_edits(
    encoding: Encoding, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = -(-EDITS // 3)
    with ExitStack() as stack:
        editor = stack.enter_context(running(tmp_path))
        (editor.root / "promptls.toml").write_text(SETTINGS)
        answer = editor.initialize(encodings=[encoding])
        assert answer["capabilities"]["positionEncoding"] == encoding
        run = Run(editor, encoding, stack, f"{SEED} {encoding}")
        done = run.edits(number)
        assert editor.wire.shutdown() == 0
        assert editor.wire.stderr == ""
    with capsys.disabled():
        print(  # noqa: T201
            f"\nrandom edits in {encoding}: {done:,} edits of {len(run.corpus)} documents, "
            f"{run.checks:,} comparisons, no difference (seed {SEED})"
        )
