"""Sections of small documents: what begins one, where it ends, what it is called."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from tests.oracles.outlines import CountedOutline
from tests.oracles.reference_encodings import PACKAGED, reference_count
from tests.oracles.section_model import read

from promptls.prompts.dialects import DIALECTS, detect
from promptls.prompts.sections import Section, section_at, visible_sections

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
CORPUS = ROOT.parent / "shared" / "corpus"
SUFFIXES = {".md", ".prompt", ".prompty", ".mdc"}


def described(section: Section) -> str:
    """`id first-last`, the lines counted from 1 and both in the section."""
    return f"{section.id} {section.line + 1}-{section.end_line}"


def document(text: str, dialect: str = "markdown") -> CountedOutline:
    # Examples are written indented and end without a line break.
    return CountedOutline(dedent(text).strip("\n"), DIALECTS[dialect])


def check(text: str, expected: list[str], dialect: str = "markdown") -> None:
    assert [described(section) for section in document(text, dialect).sections()] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("text", ["preamble 1-1"]),
        ("# A", ["A 1-1"]),
        ("text\n\n# A\ntext", ["preamble 1-2", "A 3-4"]),
        ("# A\n## B\n### C\n## D\n# E", ["A 1-4", "A/B 2-3", "A/B/C 3-3", "A/D 4-4", "E 5-5"]),
        # A level may be left out; a heading ends at the next of its level or above.
        ("### A\n# B\n#### C\n## D", ["A 1-1", "B 2-4", "B/C 3-3", "B/D 4-4"]),
        ("# A ##\n####### no\n#no", ["A 1-3"]),
        ("Title\n=====\nSub\n---\ntext", ["Title 1-5", "Title/Sub 3-5"]),
        # Underlines that are none: below a heading, a list item, a blank line.
        ("# A\n---\n- b\n---\n\n---", ["A 1-6"]),
        ("\ufeff# A", ["A 1-1"]),
        ("# A\r\n## B\r# C", ["A 1-2", "A/B 2-2", "C 3-3"]),
        ("# A\u2028# B\x0c# C", ["A\u2028# B\x0c# C 1-1"]),
    ],
)
def test_headings(text: str, expected: list[str]) -> None:
    check(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<t>\ntext\n</t>", ["<t> 1-3"]),
        ("<t>\n# In\n</t>", ["<t> 1-3", "<t>/In 2-2"]),
        # A heading of any level inside a tag ends with the tag.
        ("## A\n<t>\n# In\n</t>\n### B", ["A 1-5", "A/<t> 2-4", "A/<t>/In 3-3", "A/B 5-5"]),
        ("<t>\n<u>\n</u>\ny\n</t>", ["<t> 1-5", "<t>/<u> 2-3"]),
        ("<t>\n</t>\n<t>\n</t>", ["<t> 1-2", "<t>#2 3-4"]),
        # Text behind a closing tag belongs to the section around it, blank lines to the tag.
        ("# A\n<t>\n</t>\n\nin A\n# B", ["A 1-5", "A/<t> 2-4", "B 6-6"]),
        ("<t>\n</t>\n\n\nafter", ["<t> 1-4", "preamble 5-5"]),
        ("a\n<t>\n</t>\nb", ["preamble 1-1", "<t> 2-3", "preamble#2 4-4"]),
        # A tag that is never closed is text, and so is a closing tag alone.
        ("<t>\n# A", ["preamble 1-1", "A 2-2"]),
        ("# A\n</t>\ntext", ["A 1-3"]),
        ("<t>\n<u>\n</t>\n</u>", ["<t> 1-3", "preamble 4-4"]),
        ("<T>\n</t>", ["preamble 1-2"]),
        ("<br/>\ntext <t>\n</t> text", ["preamble 1-3"]),
        ('  <t a="b" c>\n  </t>', ["<t> 1-2"]),
    ],
)
def test_tags(text: str, expected: list[str]) -> None:
    check(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```\n# no\n```\n# A", ["preamble 1-3", "A 4-4"]),
        ("# A\n~~~\n```\n# no\n~~~\n# B", ["A 1-5", "B 6-6"]),
        ("````\n```\n# no\n````\n# A", ["preamble 1-4", "A 5-5"]),
        ("# A\n```\n# never closed", ["A 1-3"]),
        ("<t>\n```\n</t>\n```\n</t>", ["<t> 1-5"]),
        ("<!--\n# no\n-->\n# A", ["preamble 1-3", "A 4-4"]),
        ("<!-- x -->\n# A", ["preamble 1-1", "A 2-2"]),
        ("# A\n<!-- never closed\n# B", ["A 1-3"]),
        ("<t>\n<!--\n</t>\n-->\n</t>", ["<t> 1-5"]),
    ],
)
def test_fences_and_comments_hide_marks(text: str, expected: list[str]) -> None:
    check(text, expected)


@pytest.mark.parametrize(
    ("text", "dialect", "expected"),
    [
        ("---\na: b\n---\n\n# A", "markdown", ["front matter 1-4", "A 5-5"]),
        ("---\na: b\n...\ntext", "markdown", ["front matter 1-3", "preamble 4-4"]),
        ("---\n# comment\n<t>\n---\n</t>", "markdown", ["front matter 1-4", "preamble 5-5"]),
        ("---\n---\ntext", "markdown", ["front matter 1-2", "preamble 3-3"]),
        # Rules that fence nothing.
        ("---\nnever closed", "markdown", ["preamble 1-2"]),
        ("text\n\n---\na: b\n\n---", "markdown", ["preamble 1-6"]),
        # Dotprompt lets comments stand above.
        ("# c\n\n---\na: b\n---\nx", "dotprompt", ["front matter 1-5", "preamble 6-6"]),
        ("text\n---\na: b\n---", "dotprompt", ["text 1-2", "a: b 3-4"]),
    ],
)
def test_front_matter(text: str, dialect: str, expected: list[str]) -> None:
    check(text, expected, dialect)


@pytest.mark.parametrize(
    ("text", "dialect", "expected"),
    [
        ("a\nsystem:\nb\nuser:\nc", "prompty", ["preamble 1-1", "system 2-3", "user 4-5"]),
        # A role line ends all that stands before it, a tag over it is not closed.
        ("# A\nuser:\n# A", "prompty", ["A 1-1", "user 2-3", "user/A 3-3"]),
        ("system:\n<t>\nuser:\n</t>", "prompty", ["system 1-2", "user 3-4"]),
        ("user:\n<t>\n</t>\nafter", "prompty", ["user 1-4", "user/<t> 2-3"]),
        ("# Assistant :\nb", "prompty", ["assistant 1-2"]),
        ('system[name="x"]:\nb', "prompty", ["system 1-2"]),
        ('system[name="x"]:\nb', "dotprompt", ["preamble 1-2"]),
        ("{{role \"system\"}} a\n{{~role 'user'~}}", "dotprompt", ["system 1-1", "user 2-2"]),
        ('{{role "system"}} a', "prompty", ["preamble 1-1"]),
        ("system:\nuser: hello\nnobody:", "prompty", ["system 1-3"]),
        ("system:\nb", "claude", ["preamble 1-2"]),
    ],
)
def test_roles(text: str, dialect: str, expected: list[str]) -> None:
    check(text, expected, dialect)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("# A\n# A\n# A\n## B", ["A", "A#2", "A#3", "A#3/B"]),
        ("# A\n## B\n# C\n## B", ["A", "A/B", "C", "C/B"]),
        ("# A/B\n# A\n## B", ["A∕B", "A", "A/B"]),
        ("# \n#", ["heading", "heading#2"]),
        # An ordinal that another title spells already.
        ("# A\n# A\n# A#2\n# A", ["A", "A#2", "A#2#2", "A#3"]),
        ("# A#2\n# A\n# A", ["A#2", "A", "A#3"]),
    ],
)
def test_ids(text: str, ids: list[str]) -> None:
    assert [section.id for section in document(text).sections()] == ids


def test_ids_stay_while_other_sections_change() -> None:
    outline = document("# A\n## B\ntext\n# C\n## B\n# C\n")
    outline.replace(len("# A\n## B\n"), len("# A\n## B\ntext"), "more\n### New\n")
    ids = [section.id for section in outline.sections()]
    assert ids == ["A", "A/B", "A/B/New", "C", "C/B", "C#2"]
    outline.replace(0, len("# A\n"), "# Renamed\n")
    ids = [section.id for section in outline.sections()]
    assert ids == ["Renamed", "Renamed/B", "Renamed/B/New", "C", "C/B", "C#2"]


def test_figures() -> None:
    outline = document("preamble\n# A\none two\n## B\nthree\n# C\n")
    figures = [(s.title, s.level, s.own_tokens, s.tokens) for s in outline.sections()]
    parts = ["preamble\n", "# A\none two\n", "## B\nthree\n", "# C"]
    before, a, b, c = (reference_count("cl100k_base", part) for part in parts)
    assert figures == [
        ("preamble", 0, before, before),
        ("A", 1, a, a + b),
        ("B", 2, b, b),
        ("C", 1, c, c),
    ]


def test_visible_sections() -> None:
    outline = document("# A\ntext\n## B\ntext\n# C\n<t>\n</t>\n").outline
    titles = [
        [section.title for section in visible_sections(outline, first, last)]
        for first, last in ((0, 99), (0, 0), (1, 2), (1, 1), (4, 5), (99, 120))
    ]
    assert titles == [["A", "B", "C", "<t>"], ["A"], ["B"], [], ["C", "<t>"], []]


def test_section_at() -> None:
    outline = document("# A\n<t>\n## B\n</t>\nin A\n# C").outline
    found = [section_at(outline, line) for line in range(6)]
    titles = [section.title if section is not None else None for section in found]
    assert titles == ["A", "<t>", "B", "<t>", "A", "C"]
    assert section_at(document("").outline, 0) is None


def check_document(path: Path, root: Path) -> None:
    """All figures of a real document add up, in both encodings."""
    text = path.read_text(encoding="utf-8")
    dialect = detect(path, root=root)
    model = read(text, dialect)
    for name in PACKAGED:
        outline = CountedOutline(text, dialect, name)
        sections = outline.sections()
        total = reference_count(name, text)
        assert outline.counter.tokens == total
        assert sum(section.own_tokens for section in sections) == total
        assert sum(section.tokens for section in sections if section.parent < 0) == total
        expanded = sum(section.expanded for section in sections if section.parent < 0)
        assert expanded == reference_count(name, model.sent)
        assert [
            (section.kind, section.title, section.level, section.line, section.end_line)
            for section in sections
        ] == model.sections


@pytest.mark.parametrize(
    "path",
    sorted(path for path in EXAMPLES.rglob("*") if path.suffix in SUFFIXES),
    ids=lambda path: path.relative_to(EXAMPLES).as_posix(),
)
def test_examples(path: Path) -> None:
    check_document(path, EXAMPLES)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no ../shared/corpus here")
@pytest.mark.parametrize("folder", ["awesome-copilot", "dotprompt", "get-shit-done", "prompty"])
def test_corpus(folder: str) -> None:
    paths = [path for path in (CORPUS / folder).rglob("*") if path.suffix in SUFFIXES]
    assert paths
    for path in sorted(paths):
        check_document(path, CORPUS)
