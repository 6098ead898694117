"""Texts of others in Markdown: they read as they are written, and get out of nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptls.lsp.markdown import escaped, fenced, message

MARKUP = st.text(alphabet="ab `*_[]()!<>&\\#:/.|~\n\r\u2028é😀", max_size=40)


@given(MARKUP)
def test_escaped_texts_read_as_they_are_written(text: str) -> None:
    found = escaped(text)
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", found) == re.sub(r"\s+", " ", text)
    # Nothing is left that could begin or end markup.
    assert not re.search(r"[!-/:-@\[-`{-~\s]", re.sub(r"\\[!-/:-@\[-`{-~]| ", "", found))


@given(MARKUP)
def test_a_fence_is_longer_than_any_in_it(text: str) -> None:
    fence, _, rest = fenced(text).partition("\n")
    assert set(fence) == {"`"}
    assert len(fence) >= 3
    assert rest == f"{text}\n{fence}"
    assert fence not in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("There is no `a.md`.", r"There is no `a.md`\."),
        ("Odd ` one", r"Odd \` one"),
        ("`a`![x](y)`b`", r"`a`\!\[x\]\(y\)`b`"),
        ("``", ""),
        ("a `x\ny` b", "a `x y` b"),
    ],
)
def test_names_in_messages_are_code(text: str, expected: str) -> None:
    assert message(text) == expected
