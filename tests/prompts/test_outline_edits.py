"""Random edits: the outline that follows them against one read anew, a model, and tiktoken."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles.outlines import CountedOutline
from tests.oracles.reference_encodings import PACKAGED, reference_count
from tests.oracles.section_model import read
from tests.oracles.sizes import Sizes

from promptls.prompts.dialects import DIALECTS
from promptls.prompts.mark_tree import COUNTS, unpack
from promptls.prompts.sections import Section, section_at, visible_sections

LINES = (
    *("# H", "## B ##", "   # H3", "text here, now", "", "  ", "\t", "---", "===", "-", "..."),
    *("```", "```py", "~~~", "````", "<!-- x", "-->", "a --> b", "<!-- y -->"),
    *("<!-- promptls: budget=3 -->", "<!-- promptls: ignore=x -->"),
    *("<tag>", "</tag>", '<t a="b">', "</t>", "<u>", "</u>", "<br/>"),
    *("system:", "user:", "# assistant:", '{{role "user"}} hi', 'system[name="x"]:'),
    *("- item", "    code", "/abs", "//x", "> q", "漢字。", "😀 x", "key: v", "#", "`", "<", "*"),
)
BLOCKS = (
    *("<t>\n# H\ntext\n</t>\n", "<u>\n\n### H\n</u>\n\n", "<t>\n<u>\n</u>\nin t\n</t>\n/abs\n"),
    *("```\n# no\n</t>\n```\n", "<!--\n<t>\n-->\n", "Title\n---\n", "</t>\n\n//x\n", "<t>\n<t>\n"),
    *("# H\n<!-- promptls: budget=3 -->\n", "system:\n<t>\nuser:\n</t>\n", "</u>\n\n-->\n"),
)
SIZES = (
    Sizes(),
    Sizes(chunk=(4, 8), leaf=(3, 4), segment=(4, 12)),
    Sizes(chunk=(16, 40), leaf=(3, 4), segment=(16, 40), settle_now=3),
)


@st.composite
def documents(draw: st.DrawFn, lines: int) -> str:
    line_breaks = st.sampled_from(["\n", "\n", "\n", "\r\n", ""])
    parts = draw(
        st.lists(
            st.one_of(
                st.tuples(st.sampled_from(LINES), line_breaks),
                st.tuples(st.sampled_from(BLOCKS), st.just("")),
            ),
            min_size=lines // 2,
            max_size=lines,
        )
    )
    return "".join(line + line_break for line, line_break in parts)


class Step(NamedTuple):
    where: int
    removed: int
    inserted: str


TYPING = st.builds(
    Step,
    st.integers(0, 2_000),
    st.sampled_from([0, 0, 0, 1, 1, 2]),
    st.sampled_from(["a", " ", "\n", "", "#", "`", "-", "x y", "\n\n", "<", ">", "/", ":", "😀"]),
)
PASTING = st.builds(Step, st.integers(0, 2_000), st.sampled_from([0, 0, 5, 30]), documents(lines=5))
TEXTS = st.tuples(
    st.sampled_from(["", "", "", "---\nmodel: x\n---\n", "# licence\n\n---\nmodel: x\n---\n"]),
    documents(lines=25),
).map("".join)


@pytest.mark.parametrize("name", PACKAGED)
@settings(deadline=None, max_examples=200)
@given(
    text=TEXTS,
    dialect=st.sampled_from(sorted(DIALECTS)),
    steps=st.lists(st.one_of(TYPING, TYPING, PASTING), min_size=4, max_size=15),
    sizes=st.sampled_from(SIZES),
)
def test_edits(name: str, text: str, dialect: str, steps: list[Step], sizes: Sizes) -> None:
    with sizes.in_use():
        document = CountedOutline(text, DIALECTS[dialect], name)
        check(document, name)
        for where, removed, inserted in steps:
            start = where % (len(document.buffer) + 1)
            document.replace(start, start + removed, inserted)
            check_read_anew(document, name)
            check(document, name)


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        pytest.param("<t>\n</t>\n\n\n# A", "\n\n\n# A", "\n\nx\n# A", id="text behind a tag"),
        pytest.param("<t>\n</t>\n\n  \n\n# A", "  ", "x", id="text on a blank line behind a tag"),
        pytest.param("<t>\n</t>\n\nx\n# A", "\nx\n", "\n\n", id="no text behind a tag"),
        pytest.param("<t>\n</t>\n.\n/abs\n", ".\n/abs", "\n/abs", id="slash behind a tag"),
        pytest.param("# A\n<t>\n</t>\n//x\ny", "/x\ny", "/x/\n/y", id="slash is typed"),
        pytest.param("<t>\n</t>\n/abs.", "</t>", "</t>\n/", id="token over the end of a tag"),
        pytest.param("<t>\n!\n</t>\n/a", "!\n</t>\n/a", "</t>!\n/a", id="tag opened"),
        pytest.param("Title\ntext\n# A", "text", "---", id="title underlined"),
        pytest.param("Title\n---\n# A", "Title", "- item", id="title made an item"),
        pytest.param("Title\n---\n# A", "Title\n", "Title\n\n", id="underline left alone"),
        pytest.param("a: b\n---\n# A", "a: b", "---\na: b", id="front matter begun"),
        pytest.param("---\na: b\n---\n# A", "---\n#", "#", id="front matter opened"),
        pytest.param("# A\n```\n# B\n```\n# C", "```\n# C", "# C", id="fence opened"),
        pytest.param("# A\n<!--\n# B\n-->\n# C", "<!--", "", id="comment closed"),
        pytest.param("# A\r# B", "\r# B", "\r\n# B", id="line break changed"),
    ],
)
@pytest.mark.parametrize("name", PACKAGED)
def test_one_edit(name: str, text: str, old: str, new: str) -> None:
    document = CountedOutline(text, DIALECTS["markdown"], name)
    start = text.index(old)
    document.replace(start, start + len(old), new)
    check_read_anew(document, name)
    check(document, name)
    # Then deleted character by character, with slashes typed in between.
    for number in range(len(new)):
        document.replace(start, start + 1, "")
        check_read_anew(document, name)
        check(document, name)
        if number % 2:
            document.replace(start, start, "/")
            check_read_anew(document, name)
            check(document, name)


def check_read_anew(document: CountedOutline, name: str) -> None:
    """Marks, front matter and sections are those of an outline made from the text now."""
    anew = CountedOutline(document.buffer.text(), document.outline.dialect, name)
    assert document.outline.front_matter == anew.outline.front_matter
    assert marks(document) == marks(anew)
    assert [figures(section) for section in document.sections()] == [
        figures(section) for section in anew.sections()
    ]


def marks(document: CountedOutline) -> list[tuple[object, ...]]:
    tree = document.outline.tree
    return [
        (
            mark.signature(),
            (mark.text, mark.rank, mark.section, mark.depth, mark.context, mark.directive),
            (lines, characters, counts),
        )
        for mark, lines, characters, counts in tree.iterate(tree.start())
    ]


def figures(section: Section) -> tuple[object, ...]:
    place = section.line, section.start, section.end_line, section.end
    tokens = section.tokens, section.expanded, section.own_tokens
    return section.kind, section.title, section.level, section.id, section.parent, place, tokens


def check(document: CountedOutline, name: str) -> None:
    """Sections and figures are what the model and tiktoken say of the whole text."""
    text = document.buffer.text()
    model = read(text, document.outline.dialect)
    sections = document.sections()
    assert [
        (section.kind, section.title, section.level, section.line, section.end_line)
        for section in sections
    ] == model.sections
    assert document.sent() == model.sent
    total = reference_count(name, text)
    assert document.counter.tokens == total
    assert sum(section.own_tokens for section in sections) == total
    assert unpack(document.outline.tree.totals()[COUNTS]) == (
        total,
        reference_count(name, model.sent),
    )
    assert len({section.id for section in sections}) == len(sections)

    last = document.buffer.line_count - 1
    for first in (0, last // 3, last // 2):
        found = visible_sections(document.outline, first, first + 6)
        expected = [section for section in sections if first <= section.line <= first + 6]
        assert [(s.mark, s.line, s.end, s.tokens, s.expanded) for s in found] == [
            (s.mark, s.line, s.end, s.tokens, s.expanded) for s in expected
        ]
    for line in (0, last // 2, last):
        inside = [s for s in sections if s.line <= line < s.end_line]
        innermost = max(inside, key=lambda section: section.line, default=None)
        at_line = section_at(document.outline, line)
        if innermost is None:
            assert at_line is None
        else:
            assert at_line is not None
            assert (at_line.mark, at_line.end, at_line.tokens, at_line.own_tokens) == (
                innermost.mark,
                innermost.end,
                innermost.tokens,
                innermost.own_tokens,
            )
