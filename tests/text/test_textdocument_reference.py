"""Random edits: `TextBuffer` against vscode-languageserver-textdocument, the reference for LSP."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from tests.oracles.sizes import Sizes
from tests.oracles.text_document import (
    ContentChange,
    NotAvailableError,
    Position,
    ReferenceTextDocument,
)
from tests.oracles.text_model import joined, lines_of, to_units

from promptls.text import Edit, TextBuffer

PIECES = (
    *("a", "b ", "word ", "\n", "\n\n", "\r", "\r\n", "\u2028", "\x0c", "\x0b", "\x85", "\t"),
    *("é", "漢", "😀", "👩‍👧", "\ud83d", "\ude00", "\x00", "\ufeff", "x" * 50, "# Head\n"),
)
EDITS_PER_SEED = 200


@pytest.fixture(scope="module")
def reference() -> Iterator[ReferenceTextDocument]:
    try:
        document = ReferenceTextDocument()
    except NotAvailableError as error:
        pytest.skip(f"vscode-languageserver-textdocument is not available: {error}")
    with document:
        yield document


def random_text(source: random.Random, pieces: int) -> str:
    return "".join(source.choices(PIECES, k=source.randrange(pieces)))


def random_position(source: random.Random, lines: list[str]) -> Position:
    # Now and then one line behind the last, or far behind the end of a line.
    line = source.randrange(len(lines) + 1)
    length = len(to_units(lines[line], "utf-16")) if line < len(lines) else 0
    character = source.choice([source.randint(0, length), source.randint(0, length), 10_000])
    return {"line": line, "character": character}


def random_change(source: random.Random, text: str) -> ContentChange:
    if source.random() < 0.02:
        return {"text": random_text(source, 60)}
    lines = lines_of(text)
    start = random_position(source, lines)
    end = start if source.random() < 0.4 else random_position(source, lines)
    if source.random() < 0.3:
        # Next to each other, so that line breaks and surrogate pairs are cut.
        end = {"line": start["line"], "character": start["character"] + 1}
    new = random_text(source, source.choice([2, 3, 8, 40]))
    return {"range": {"start": start, "end": end}, "text": new}


def as_edit(change: ContentChange) -> Edit:
    if "range" not in change:
        return Edit(None, change["text"])
    start, end = change["range"]["start"], change["range"]["end"]
    place = (start["line"], start["character"], end["line"], end["character"])
    return Edit(place, change["text"])


@pytest.mark.parametrize("seed", range(12))
def test_edits(reference: ReferenceTextDocument, seed: int) -> None:
    source = random.Random(seed)
    sizes = (Sizes(), Sizes(chunk=(4, 8), leaf=(3, 4)), Sizes(chunk=(16, 40)))[seed % 3]
    with sizes.in_use():
        text = random_text(source, 300)
        buffer = TextBuffer(text)
        assert joined(reference.open(text)) == buffer.text()
        done = 0
        while done < EDITS_PER_SEED:
            changes = []
            for _ in range(source.choice([1, 1, 2, 5])):
                changes.append(random_change(source, buffer.text()))
                buffer.apply(as_edit(changes[-1]))
            assert reference.change(changes) == buffer.text(), changes
            done += len(changes)
