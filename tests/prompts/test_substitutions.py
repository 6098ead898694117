"""What references bring in is counted as it stands in the rendered text, whatever is edited."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles.outlines import CountedOutline
from tests.oracles.reference_encodings import PACKAGED, reference_count

from promptls.prompts.dialects import DIALECTS
from promptls.prompts.mark_tree import COUNTS, unpack
from promptls.prompts.substitutions import is_unsent, sites
from promptls.tokens.measure import measure

CONTENTS = {
    "a": "Some words.\n\nAnd more of them",
    "b": "",
    "c": "/",
    "d": "  indented\n",
    "e": "x" * 300,
    "f": "\n",
    "g": "12's",
}
PIECES = (
    *(f"@file:{name}" for name in (*CONTENTS, "unknown")),
    *("\n", "\n\n", " ", "word", "# Head\n", "- ", "/", "1", "```\n", "<!--\n", "-->\n", "`"),
    *("<t>\n", "</t>\n", "---\n", "user:\n", "<!-- promptls: budget=5 -->\n", "é漢😀"),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
EDITS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 12), st.sampled_from((*PIECES, "x", ""))),
    max_size=8,
)


class Substituted(CountedOutline):
    """An outline whose references bring in CONTENTS."""

    def put(self) -> None:
        """Give all references that count their contents."""
        outline, engine = self.outline, self.counter.engine
        offset = 0
        for mark, _, length, _ in outline.tree.iterate(outline.tree.start()):
            if mark.references and mark.active:
                contents = tuple(
                    measure(CONTENTS[reference.target], engine)
                    if reference.target in CONTENTS
                    else None
                    for reference in mark.references
                )
                if contents != mark.contents:
                    mark.contents, mark.stale = contents, True
                    mark.resolutions = contents
                    outline.has_sites = True
                    if outline.expanded_known:
                        outline.stale_at.append(offset)
            offset += length
        self._expand()

    def rendered(self) -> str:
        """The text with everything in its place."""
        pieces = []
        position = 0
        for site in sites(self.outline.tree, self.buffer):
            names = [
                reference.target
                for reference in site.mark.references
                if reference.target in CONTENTS
            ]
            unsent = is_unsent(site.mark)
            for number, part in enumerate(site.parts):
                pieces.append(self.buffer.slice(position, part.start))
                pieces.append("" if unsent else CONTENTS[names[number]])
                position = part.stop
        pieces.append(self.buffer.slice(position, len(self.buffer)))
        return "".join(pieces)


def check(document: Substituted, encoding: str) -> None:
    own, expanded = unpack(document.outline.tree.totals()[COUNTS])
    assert own == reference_count(encoding, document.buffer.text())
    assert expanded == reference_count(encoding, document.rendered())


@pytest.mark.parametrize("encoding", PACKAGED)
@given(text=TEXTS, edits=EDITS, dialect=st.sampled_from(["markdown", "prompty"]))
@settings(max_examples=200, deadline=None)
def test_edits(encoding: str, text: str, edits: list[tuple[int, int, str]], dialect: str) -> None:
    document = Substituted(text, DIALECTS[dialect], encoding)
    document.put()
    check(document, encoding)
    for start, length, inserted in edits:
        size = len(document.buffer)
        first = min(start, size)
        document.replace(first, min(first + length, size), inserted)
        document.put()
        check(document, encoding)


def test_a_thousand_lines_are_each_counted_by_themselves() -> None:
    text = "".join(f"- see @file:a\n{number} lines\n" for number in range(1000))
    document = Substituted(text, DIALECTS["markdown"])
    document.put()
    check(document, "cl100k_base")
    groups = {mark.group for mark in document.outline.tree.items()}
    assert groups == {None}
    document.replace(len(text) // 2, len(text) // 2, "x")
    assert document.outline.expanded_known
    document.put()
    check(document, "cl100k_base")


def test_a_list_of_bare_references_makes_no_group() -> None:
    document = Substituted("@file:a\n" * 50, DIALECTS["markdown"])
    document.put()
    check(document, "cl100k_base")
    assert {mark.group for mark in document.outline.tree.items()} == {None}
