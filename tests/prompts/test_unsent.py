"""What is not sent, and what the rest costs."""

from __future__ import annotations

import pytest
from tests.oracles.outlines import CountedOutline
from tests.oracles.reference_encodings import PACKAGED, reference_count, tiktoken_engine

from promptls.prompts.dialects import DIALECTS
from promptls.prompts.mark_tree import COUNTS, unpack
from promptls.prompts.substitutions import Expansion
from promptls.text import TextBuffer
from promptls.tokens.counter import IncrementalCounter

BUDGET = "<!-- promptls: budget=5 -->"


@pytest.mark.parametrize("encoding", PACKAGED)
@pytest.mark.parametrize(
    ("text", "dialect", "sent"),
    [
        ("", "markdown", ""),
        ("# A\ntext", "markdown", "# A\ntext"),
        ("---\na: b\n---\n\n# A", "markdown", "# A"),
        ("---\na: b\n---\n", "markdown", ""),
        (f"# A\n{BUDGET}\ntext", "markdown", "# A\ntext"),
        (f"# A\n{BUDGET}", "markdown", "# A\n"),
        (f"{BUDGET}\n{BUDGET}\n", "markdown", ""),
        # A comment of another kind is sent, and so is a directive inside a fence.
        ("<!-- note -->\ntext", "markdown", "<!-- note -->\ntext"),
        (f"```\n{BUDGET}\n```", "markdown", f"```\n{BUDGET}\n```"),
        ("system:\nbe\nuser:\nhi", "prompty", "be\nhi"),
        ("system:\nbe", "claude", "system:\nbe"),
        ('{{role "system"}} be\n{{role "user"}}\nhi', "dotprompt", " be\n\nhi"),
        # What is joined at a seam is counted as it is then: `\n\n` and `/x` of o200k_base.
        (f"One.\n{BUDGET}\n/x\n", "markdown", "One.\n/x\n"),
        (f"a  \n{BUDGET}\n{BUDGET}\n\n  b", "markdown", "a  \n\n  b"),
        (f"---\na: b\n---\n{BUDGET}\n\nx", "markdown", "\nx"),
        (f"a\r\n{BUDGET}\r\nb", "markdown", "a\r\nb"),
    ],
)
def test_sent(text: str, dialect: str, sent: str, encoding: str) -> None:
    document = CountedOutline(text, DIALECTS[dialect], encoding)
    assert document.sent() == sent
    own, expanded = unpack(document.outline.tree.totals()[COUNTS])
    assert own == reference_count(encoding, text)
    assert expanded == reference_count(encoding, sent)


def test_a_section_does_not_pay_for_what_it_does_not_send() -> None:
    document = CountedOutline(f"# A\n{BUDGET}\ntext\n# B\nmore", DIALECTS["markdown"])
    first, second = document.sections()
    assert first.expanded == reference_count("cl100k_base", "# A\ntext\n") < first.tokens
    assert second.expanded == second.tokens


def test_front_matter_and_role_lines_are_sections_of_their_own() -> None:
    document = CountedOutline("---\na: b\n---\nsystem:\nbe kind", DIALECTS["prompty"])
    figures = {section.kind: section for section in document.sections()}
    assert figures["frontMatter"].expanded == 0
    assert figures["role"].expanded == reference_count("cl100k_base", "be kind")


def test_long_stretches_are_not_counted_while_they_are_pending() -> None:
    text = "---\na: b\n" + "# note\n" * 700 + "---\ntext"
    document = CountedOutline(text, DIALECTS["markdown"])
    pending = IncrementalCounter(TextBuffer(text), tiktoken_engine("cl100k_base"))
    tree = document.outline.tree
    for mark in tree.items():
        mark.stale = True
    expansion = Expansion(tree, document.buffer, pending)
    assert not all(expansion.count_all())
    pending.count_now()
    assert all(expansion.count_all())


@pytest.mark.parametrize(
    ("text", "typed", "sent"),
    [
        (f"One\n{BUDGET}\ntwo", ("two", "/two"), "One\n/two"),
        (f"One\n{BUDGET}\ntwo", (BUDGET, "plain"), "One\nplain\ntwo"),
        ("One\nx\ntwo", ("x", BUDGET), "One\ntwo"),
        ("---\na: b\n---\nx", ("a: b", "a: c\nd: e"), "x"),
        ("---\na: b\n---\nx", ("---\nx", "--\nx"), "---\na: b\n--\nx"),
        (f"# A\n{BUDGET}\nx", ("# A", "```"), f"```\n{BUDGET}\nx"),
    ],
)
def test_edits_beside_what_is_not_sent(text: str, typed: tuple[str, str], sent: str) -> None:
    document = CountedOutline(text, DIALECTS["markdown"], "o200k_base")
    old, new = typed
    start = text.rindex(old)
    document.replace(start, start + len(old), new)
    assert document.sent() == sent
    expanded = unpack(document.outline.tree.totals()[COUNTS])[1]
    assert expanded == reference_count("o200k_base", sent)
