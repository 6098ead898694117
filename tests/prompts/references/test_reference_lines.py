"""What holds for any line: places, order, limits, triggers."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.prompts.references.notation import grammar_of

from promptls.prompts.references import REFERENCE_LIMIT
from promptls.prompts.references.masking import MASK, mask

DIALECTS = (
    *("markdown", "claude", "claude command", "agents", "skill", "copilot"),
    *("gemini", "cursor", "continue", "prompty", "dotprompt"),
)
PIECES = (
    *"@#$[](){}<>`\\\"'*_~.,;:!?&=|/- ax1é漢，\0\ufeff\u2028",
    *("@file:", "@api:", "@var:", "@api:https://x.org/", "@docs/x.md", " @", "#file:", "#L1-L2"),
    *("?max=1", "&optional", "${input:", "${env:X:", "${file:", "{{", "}}", "{{>", "{{!--"),
    *("--}}", "$ARGUMENTS", "$1", "](", "[a](b.md)", "![", "``", "\\ ", "x.md", "@https://"),
)
LINES = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@settings(deadline=None, max_examples=200)
@given(LINES, st.sampled_from(DIALECTS))
@example("", "markdown")
def test_references_lie_in_the_line_in_order(line: str, dialect: str) -> None:
    grammar = grammar_of(dialect)
    end = 0
    for reference in grammar.find(line):
        assert end <= reference.start < reference.end <= len(line)
        assert reference.text == line[reference.start : reference.end]
        assert reference.start <= reference.target_start < reference.target_end <= reference.end
        assert reference.target
        assert line.startswith(reference.trailing, reference.end)
        assert any(trigger in line for trigger in grammar.triggers)
        end = reference.end
    for column in range(len(line) + 1):
        context = grammar.completion_context(line, column)
        assert context is None or 0 <= context.start <= context.end == column


@settings(deadline=None, max_examples=100)
@given(LINES, LINES, st.sampled_from(DIALECTS))
def test_a_reference_is_what_it_is_whatever_follows_a_blank(
    line: str, rest: str, dialect: str
) -> None:
    # Code spans, links, quotes and tags may reach over a blank.
    if any(opening in line for opening in '`["{\\'):
        return
    grammar = grammar_of(dialect)
    before = grammar.find(line + " ")
    assert grammar.find(f"{line} {rest}")[: len(before)] == before


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("a `b` c", "a ??? c"),
        ("a ``b ` c`` d", "a ????????? d"),
        ("a `b c", "a `b c"),
        ("`a ``b`", "???????"),
        ("``a `b`", "``a ???"),
        ("\\`a \\@b \\\\`c`", "\\?a \\?b \\\\???"),
        ("`a\\` b`", "???? b`"),
        ("a\\b\\ c", "a\\b\\ c"),
    ],
)
def test_masking(line: str, masked: str) -> None:
    assert mask(line).replace(MASK, "?") == masked


HOSTILE = (
    *("@", "[", "`", "{{", "{{{", "{{!", "{{!--", "](", "[](", "[a](b ", "[a](<", '[a]("'),
    *("@file:", '@file:"', "@file:)", "@file:.)", "@file:.,", "@file:(", "@file:x'", "@file:?"),
    *("@api:https://", "@api:https://?", "@api:https://)", "@var:a.", "@a ", "@a, ", "(@a,"),
    *(" @/(", "@/[[", " @a\\ ", "#file:a ", "#file:{{", "${", "${env:a:", "$1 ", "\\", "\\`"),
    *("`` ` ", "?lines=1&", "{{> a b", "[a](b(c", "[a](b 'x", "(@https://a(", "[a](\\"),
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_long_lines_end(piece: str) -> None:
    """A reading that is not linear takes minutes for one of these."""
    line = piece * (100_000 // len(piece))
    for dialect in DIALECTS:
        grammar = grammar_of(dialect)
        assert all(reference.end < REFERENCE_LIMIT for reference in grammar.find(line))
        grammar.completion_context(line, REFERENCE_LIMIT)


def test_the_rest_of_a_long_line_is_not_looked_at() -> None:
    grammar = grammar_of("markdown")
    room = " " * (REFERENCE_LIMIT - len("@file:a.md "))
    assert [one.target for one in grammar.find(f"@file:a.md{room}@file:b.md")] == ["a.md"]
    # What reaches the limit may go on behind it, whether or not the caller cut the line there.
    line = f"{' ' * (REFERENCE_LIMIT - 10)}@file:abcdefgh.md"
    assert grammar.find(line) == grammar.find(line[:REFERENCE_LIMIT]) == ()
