"""The scanner sees in pieces what the outline of the whole text sees."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptls.prompts.dialects import DIALECTS
from promptls.prompts.outline import Outline
from promptls.prompts.references import REFERENCE_LIMIT
from promptls.references import scanning
from promptls.references.model import Embedded
from promptls.references.scanning import ReferenceScanner
from promptls.text import TextBuffer

Seen = list[tuple[int, int, str]]

LINES = (
    "see @file:a.md and @var:x",
    "@docs/b.md",
    "text",
    "",
    "```",
    "``` js @file:no.md",
    "~~~",
    "````",
    "<!-- note -->",
    "<!-- begins @file:no.md",
    "ends --> @file:no.md",
    "---",
    "...",
    "# Title @file:a.md",
    "# comment",
    "===",
    "<tag>",
    "</tag>",
    "system:",
    '{{role "user"}} @file:a.md',
    "\ufeff@file:a.md",
    "`@file:no.md` \\@file:no.md",
    "[link](x.md) {{>part}} ${file:y.json}",
    "😀 @file:a.md 😀",
)
BREAKS = ("\n", "\n", "\r\n", "\r")
DOCUMENTS = st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(BREAKS)), max_size=30).map(
    lambda lines: "".join(line + end for line, end in lines)
)


def in_pieces(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def scan(text: str, dialect: str, size: int) -> tuple[str, Seen]:
    scanner = ReferenceScanner(DIALECTS[dialect])
    items = [item for piece in in_pieces(text, size) for item in scanner.feed(piece)]
    items += scanner.finish()
    joined = "".join(item if isinstance(item, str) else item.reference.text for item in items)
    found = [
        (item.line, item.offset, item.reference.text)
        for item in items
        if isinstance(item, Embedded)
    ]
    return joined, found


def seen_by_outline(text: str, dialect: str) -> Seen:
    buffer = TextBuffer(text)
    outline = Outline(buffer, DIALECTS[dialect])
    outline.settle()
    tree = outline.tree
    found = []
    line = start = 0
    for mark, lines, length, _ in tree.iterate(tree.start()):
        if mark.active:
            found += [
                (line, start + reference.start, reference.text)
                for reference in mark.references
                if reference.placement != "none"
            ]
        line += lines
        start += length
    return found


@settings(max_examples=200, deadline=None)
@given(
    text=DOCUMENTS,
    dialect=st.sampled_from(sorted(DIALECTS)),
    size=st.sampled_from([1, 3, 7, 50, 10_000]),
)
def test_equals_the_outline_of_the_whole_text(text: str, dialect: str, size: int) -> None:
    joined, found = scan(text, dialect, size)
    assert joined == text
    assert found == seen_by_outline(text, dialect)


@pytest.mark.parametrize(
    "front", ["---\na: @file:x\n---\n", "---\na: @file:x\n", "# c\n---\n@file:x\n---"]
)
@pytest.mark.parametrize("rest", ["@file:a.md", "```\n@file:no.md\n```\n@file:b.md\n"])
@pytest.mark.parametrize("dialect", ["markdown", "dotprompt"])
def test_front_matter(front: str, rest: str, dialect: str) -> None:
    text = front + "\n" + rest
    assert scan(text, dialect, 5) == (text, seen_by_outline(text, dialect))


@pytest.mark.parametrize("limit", [0, 40])
def test_front_matter_that_is_too_long_is_none(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "FRONT_MATTER_MAX", limit)
    text = "---\n" + "a: 1\n" * 20 + "@file:x.md\n---\n"
    assert len(scan(text, "markdown", 10)[1]) == 1


@pytest.mark.parametrize("size", [1000, 20_000, 100_000])
@pytest.mark.parametrize("end", ["", "\n@file:b.md", "\r\n@file:b.md\r\n", "\r"])
def test_long_lines_are_given_before_they_end(size: int, end: str) -> None:
    text = "@file:a.md " + "x " * 30_000 + "@file:too-far.md" + end
    assert scan(text, "markdown", size) == (text, seen_by_outline(text, "markdown"))
    scanner = ReferenceScanner(DIALECTS["markdown"])
    held = 0
    for piece in in_pieces(text, size):
        held += len(piece) - sum(
            len(item if isinstance(item, str) else item.reference.text)
            for item in scanner.feed(piece)
        )
        assert held <= REFERENCE_LIMIT + size


def test_a_reference_in_another_form_is_text() -> None:
    # Claude Code loads the second, Copilot does not.
    text = "#file:a.md @docs/b.md"
    assert [item[2] for item in scan(text, "copilot", 100)[1]] == ["#file:a.md"]
