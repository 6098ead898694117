from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.prompts.references.notation import grammar_of

from promptls.prompts.references import write_target


def rewritten(dialect: str, line: str, target: str) -> str:
    (reference,) = grammar_of(dialect).find(line)
    written = write_target(reference, target)
    return line[: reference.target_start] + written + line[reference.target_end :]


@pytest.mark.parametrize(
    ("dialect", "line", "target", "expected"),
    [
        ("markdown", "see @file:a.md?max=5.", "b/c.md", "see @file:b/c.md?max=5."),
        ("markdown", "see @file:a.md#L1.", "b c.md", 'see @file:"b c.md"#L1.'),
        ("markdown", '@file:"a b.md"?optional', "c.md", '@file:"c.md"?optional'),
        ("markdown", '@file:"a b.md"', 'say "c".md', '@file:"say \\"c\\".md"'),
        ("markdown", "@file:a.md", "b.md.", '@file:"b.md."'),
        ("markdown", "@file:a.md", "b?max.md", "@file:b?max.md"),
        ("markdown", "@file:a.md", "b?max", '@file:"b?max"'),
        ("markdown", "@file:a.md", "(b.md", '@file:"(b.md"'),
        ("markdown", "@api:https://x.org", "https://x.org/?max=5", '@api:"https://x.org/?max=5"'),
        ("claude", "see @a.md here", "b c.md", "see @b\\ c.md here"),
        ("copilot", "[a](b.md#c)", "d e (1).md", "[a](d%20e%20%281%29.md#c)"),
        ("copilot", "[a](<b c.md>)", "d%.md", "[a](<d%25.md>)"),
        ("copilot", "#file:a.md", "b.md", "#file:b.md"),
        ("dotprompt", "{{> a x=1}}", "b", "{{> b x=1}}"),
        ("prompty", "${file:a.json}", "b.json", "${file:b.json}"),
    ],
)
def test_write_target(dialect: str, line: str, target: str, expected: str) -> None:
    assert rewritten(dialect, line, target) == expected


PATHS = st.text(st.sampled_from("ab/.-_ ()[]{}'\"?#&=*,;:!%@L1é字，"), min_size=1, max_size=12).map(
    lambda path: path + "x.md"
)


@settings(deadline=None, max_examples=150)
@given(PATHS, st.sampled_from(["@file:a.md, and", 'See "@file:a.md".', '@file:"a b.md"?max=1']))
def test_what_is_written_reads_as_the_target(path: str, line: str) -> None:
    (reference,) = grammar_of("markdown").find(rewritten("markdown", line, path))
    assert reference.target == path


@settings(deadline=None, max_examples=150)
@given(PATHS.filter(lambda path: path[0] not in "#?@/ " and ":" not in path))
def test_links_that_are_written_read_as_the_target(path: str) -> None:
    (reference,) = grammar_of("copilot").find(rewritten("copilot", "[a](b.md)", path))
    assert reference.target == path
