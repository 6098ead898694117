"""What a line may be, by itself and among others."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles.text_model import line_starts, lines_of

from promptls.prompts.dialects import DIALECTS
from promptls.prompts.line_grammar import LineGrammar
from promptls.prompts.marks import LINE_LIMIT, Found, Kind

MARKDOWN = LineGrammar(DIALECTS["markdown"])
LINES = (
    *("# H", "## B ##", "   # H3", "text", "", "  ", "\t", "---", "===", "-", "...", "- item"),
    *("```", "```py", "~~~", "<!-- x", "-->", "<!-- promptls: budget=3 -->", "a --> b", "> q"),
    *("<tag>", "</tag>", '<t a="b">', "system:", '{{role "user"}} hi', "    code", "/abs"),
    *("x" * 1_030 + "-->", "-" * 1_100 + "x", "\ufeff# H", "|a|", "1. x"),
)
LINE_BREAKS = ("\n", "\n", "\n", "\r\n", "\r", "")


@pytest.mark.parametrize(
    ("line", "kind", "level", "name"),
    [
        ("# One", Kind.HEADING, 1, "One"),
        ("###### Six", Kind.HEADING, 6, "Six"),
        ("   # In", Kind.HEADING, 1, "In"),
        ("#\tTab", Kind.HEADING, 1, "Tab"),
        ("# Closed ## ", Kind.HEADING, 1, "Closed"),
        ("# C#", Kind.HEADING, 1, "C#"),
        ("#", Kind.HEADING, 1, ""),
        ("\ufeff# One", Kind.HEADING, 1, "One"),
        ("===", Kind.RULE, 1, ""),
        ("-", Kind.RULE, 2, ""),
        ("--- ", Kind.RULE, 3, ""),
        (" ---", Kind.RULE, 2, ""),
        ("...", Kind.RULE, 4, ""),
        ("```python", Kind.FENCE, 0, "`"),
        ("~~~~", Kind.FENCE, 0, "~"),
        ("<!-- x -->", Kind.COMMENT, 0, ""),
        ("<!-- promptls: budget=1 -->", Kind.COMMENT, 1, ""),
        ("<!-- promptls: budget=1", Kind.COMMENT, 0, ""),
        ("end -->", Kind.COMMENT_END, 0, ""),
        ("<objective>", Kind.TAG_OPEN, 0, "objective"),
        ('  <a.b-c:d x="1"> ', Kind.TAG_OPEN, 0, "a.b-c:d"),
        ("</objective>", Kind.TAG_CLOSE, 0, "objective"),
    ],
)
def test_marks(line: str, kind: Kind, level: int, name: str) -> None:
    mark = MARKDOWN.classify(line, first=True)
    assert mark is not None
    assert (mark.kind, mark.level, mark.name) == (kind, level, name)


@pytest.mark.parametrize(
    "line",
    [
        *("", "text", "#no", "####### seven", "    # code", "\t# code", "= =", "-- -"),
        *("``", "``` `"),
        *("<br/>", "<a> text", "<1>", "< a>", "<a", "a <!-- x", "    <!-- x", "\t<!-- x"),
        *("system:", '{{role "user"}}', "..", "....", "> # quoted"),
    ],
)
def test_no_marks(line: str) -> None:
    assert LineGrammar(DIALECTS["claude"]).classify(line, first=True) is None


def test_a_bom_is_no_text_on_the_first_line_only() -> None:
    assert MARKDOWN.classify("\ufeff# One", first=False) is None


@pytest.mark.parametrize(
    ("line", "closes", "size"),
    [("```", True, 3), ("```` ", True, 4), ("```py", False, 3), ("~~~ a`b", False, 3)],
)
def test_fences(line: str, closes: bool, size: int) -> None:
    mark = MARKDOWN.classify(line, first=True)
    assert mark is not None
    assert (mark.closes, mark.size) == (closes, size)


@pytest.mark.parametrize(
    ("line", "dialect", "name", "size"),
    [
        ("system:", "prompty", "system", 0),
        ("  # User : ", "prompty", "user", 0),
        ("ASSISTANT:", "prompty", "assistant", 0),
        ("user[x=1]:", "prompty", "user", 0),
        ('{{role "Model"}} hi', "dotprompt", "model", 16),
        ("{{~role 'user'~}}", "dotprompt", "user", 17),
    ],
)
def test_role_lines(line: str, dialect: str, name: str, size: int) -> None:
    mark = LineGrammar(DIALECTS[dialect]).classify(line, first=False)
    assert mark is not None
    assert (mark.kind, mark.name, mark.size) == (Kind.ROLE, name, size)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Title\n===", [(0, Kind.HEADING, "Title"), (1, Kind.RULE, "")]),
        ("- a\n---", [(1, Kind.RULE, "")]),
        ("</t>\n\n\ntext", [(0, Kind.TAG_CLOSE, "t"), (3, Kind.AFTER, "")]),
        ("</t>\n# A", [(0, Kind.TAG_CLOSE, "t"), (1, Kind.HEADING, "A")]),
        ("</t>\nx -->", [(0, Kind.TAG_CLOSE, "t"), (1, Kind.AFTER, "")]),
        ("</t>\n", [(0, Kind.TAG_CLOSE, "t")]),
        ("a\r# B\r\n# C", [(1, Kind.HEADING, "B"), (2, Kind.HEADING, "C")]),
        ("a\u2028# b\x0c# c", []),
        ("x" * LINE_LIMIT + "-->", []),
    ],
)
def test_marks_of_a_text(text: str, expected: list[tuple[int, Kind, str]]) -> None:
    found = MARKDOWN.scan_text(text)
    assert [(item.line, item.mark.kind, item.mark.name) for item in found] == expected


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
@settings(deadline=None, max_examples=60)
@given(
    parts=st.lists(
        st.tuples(st.sampled_from(LINES), st.sampled_from(LINE_BREAKS)), min_size=3, max_size=14
    )
)
def test_a_text_has_the_marks_of_its_lines(dialect: str, parts: list[tuple[str, str]]) -> None:
    grammar = LineGrammar(DIALECTS[dialect])
    text = "".join(line + line_break for line, line_break in parts)
    found = grammar.scan_text(text)
    lines = [line[:LINE_LIMIT] for line in lines_of(text)]
    assert [seen(item) for item in found] == [seen(item) for item in grammar.scan_lines(lines, 0)]
    starts = line_starts(text)
    assert [item.start for item in found] == [starts[item.line] for item in found]


def seen(item: Found) -> tuple[object, ...]:
    return item.line, item.mark.signature(), item.mark.name, item.mark.text
