from __future__ import annotations

import pytest
from tests.prompts.references.notation import grammar_of

from promptls.prompts.references import REFERENCE_LIMIT


@pytest.mark.parametrize(
    ("dialect", "line", "expected"),
    [
        # `|` is the cursor.
        ("markdown", "see @file:sr|", ("file", "sr", "native", False)),
        ("markdown", "see @file:|", ("file", "", "native", False)),
        ("markdown", "(@file:src/a|b.md)", ("file", "src/a", "native", False)),
        ("markdown", '@file:"my docs/re|', ("file", "my docs/re", "native", True)),
        ("markdown", '@file:"say \\"he|', ("file", 'say "he', "native", True)),
        ("markdown", "@file:packages/@sc|", ("file", "packages/@sc", "native", False)),
        ("markdown", "@api:wea|", ("api", "wea", "native", False)),
        ("markdown", "@api:https://x.org/|", ("api", "https://x.org/", "native", False)),
        ("markdown", "Dear @var:|", ("var", "", "native", False)),
        ("markdown", "@var:env:HO|", ("var", "env:HO", "native", False)),
        ("markdown", "@file:x?ma|", ("option", "ma", "native", False)),
        ("markdown", "@file:x?|", ("option", "", "native", False)),
        ("markdown", "@file:x#L1-L2?max=3&op|", ("option", "op", "native", False)),
        ("markdown", '@file:"a b.md"?li|', ("option", "li", "native", False)),
        ("markdown", "@file:x?max=2|", None),
        ("markdown", '@file:"a?m|', ("file", "a?m", "native", True)),
        ("markdown", "@file:x.md and |", None),
        ("markdown", "`@file:s|r`", None),
        ("markdown", "`@file:s|", ("file", "s", "native", False)),
        ("markdown", "\\@file:s|", None),
        ("markdown", "@docs/|", None),
        ("markdown", "me@file:|", None),
        ("claude", "@docs/|", ("file", "docs/", "at-import", False)),
        ("claude", "see @|", ("file", "", "at-import", False)),
        ("claude", "@docs/a\\ b|", ("file", "docs/a b", "at-import", False)),
        ("claude", "@node_modules/@x/|", ("file", "node_modules/@x/", "at-import", False)),
        ("claude", "@file:x?max=2|", None),
        ("claude", "me@docs/|", None),
        ("claude", "(@docs/|", None),
        ("cursor", "(@docs/|", ("file", "docs/", "at-path", False)),
        ("copilot", "#file:|", ("file", "", "hash-file", False)),
        ("copilot", "see #file:src/a|", ("file", "src/a", "hash-file", False)),
        ("copilot", "#file:a b|", None),
        ("copilot", "[the guide](docs/|", ("file", "docs/", "markdown-link", False)),
        ("copilot", "[the guide](<my do|", ("file", "my do", "markdown-link", True)),
        ("copilot", "[a](|)", ("file", "", "markdown-link", False)),
        ("copilot", "[a](b.md#c|", None),
        ("copilot", "[a](b.md)|", None),
        ("copilot", "![a](|", None),
        ("copilot", "${input:na|", ("var", "na", "input", False)),
        ("copilot", "${input:name:pl|", None),
        ("claude", "[the guide](docs/|", None),
        ("prompty", "${env:|", ("var", "env:", "environment", False)),
        ("prompty", "${env:HO|", ("var", "env:HO", "environment", False)),
        ("prompty", "${file:sch|", ("file", "sch", "file-expression", False)),
        ("prompty", "Hello {{|", ("var", "", "template", False)),
        ("prompty", "{{ first|", ("var", "first", "template", False)),
        ("prompty", "{{{na|", ("var", "na", "template", False)),
        ("prompty", "{{name}}|", None),
        ("prompty", "${env:X} |", None),
        ("dotprompt", "{{>hea|", ("file", "hea", "partial", False)),
        ("dotprompt", "{{#if x|", None),
    ],
)
def test_completion_context(
    dialect: str, line: str, expected: tuple[str, str, str, bool] | None
) -> None:
    column = line.index("|")
    context = grammar_of(dialect).completion_context(line.replace("|", "", 1), column)
    if expected is None:
        assert context is None
        return
    assert context is not None
    assert (context.kind, context.prefix, context.form, context.quoted) == expected
    assert context.end == column
    assert line[context.start : column].replace('\\"', '"').replace("\\ ", " ") == context.prefix


def test_far_out_on_a_line_nothing_is_completed() -> None:
    line = "x" * REFERENCE_LIMIT + " @file:x"
    assert grammar_of("markdown").completion_context(line, len(line)) is None
