from __future__ import annotations

import pytest
from tests.prompts.references.notation import written

from promptls.prompts.dialects import DIALECTS
from promptls.prompts.references import ReferenceGrammar


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("@file:docs/style.md", ["file docs/style.md"]),
        ("See @file:docs/style.md.", ["file docs/style.md"]),
        (
            "Read @file:a.md, @file:b.md; then (@file:c.md)!",
            ["file a.md", "file b.md", "file c.md"],
        ),
        ("@file:a.md,@file:b.md", ["file a.md", "file b.md"]),
        ("Have you read @file:README.md?", ["file README.md"]),
        ("**@file:docs/**/*.md**", ["file docs/**/*.md"]),
        ("@file:docs/**", ["file docs/**"]),
        ("_@file:a_b.md_", ["file a_b.md"]),
        (
            "“@file:a.md” and '@file:b.md' and \"@file:c.md\"",
            ["file a.md", "file b.md", "file c.md"],
        ),
        ("<context>@file:a.md</context>", ["file a.md"]),
        ("| @file:a.md|@file:b.md |", ["file a.md", "file b.md"]),
        ("@file:README.md's conventions", ["file README.md"]),
        ("@file:app/(site)/[id]/page.tsx)", ["file app/(site)/[id]/page.tsx"]),
        ("[@file:a.md](b.md)", ["file a.md"]),
        ("@file:{a,b}.md", ["file {a,b}.md"]),
        ("请看@file:docs/x.md，然后", ["file docs/x.md"]),
        ("@file:docs/文档.md。", ["file docs/文档.md"]),
        ("@file:../x", ["file ../x"]),
        ("@file:packages/@scope/x.md", ["file packages/@scope/x.md"]),
        ("@file:C:\\docs\\x.md", ["file C:\\docs\\x.md"]),
        ('@file:"path with spaces.md".', ["file path with spaces.md"]),
        ('@file:"say \\"hello\\".md"', ['file say "hello".md']),
        ('@file:"a.md"?max=5', ["file a.md max=5"]),
        ('@file:"a b.md"#L10-L40, and', ["file a b.md lines=10-40"]),
        ('@file:"what?lines=1.md"', ["file what?lines=1.md"]),
        ("@file:docs/{{lang}}.md", ["file docs/{{lang}}.md deferred"]),
        ("@file:$1.md", ["file $1.md deferred"]),
        ('@file:"not closed', []),
        ("@file:", []),
        ("@file: x", []),
        ("@file:...", []),
        ("write `@file:path` for a file, `` `@file:x` `` too", []),
        ("``@file:x`", ["file x"]),
        ("\\@file:x", []),
        ("\\`@file:x`", ["file x"]),
        ("me@file:x, @@file:x, @File:x, @files:x", []),
        ("https://user@file:80/", []),
    ],
)
def test_files(line: str, expected: list[str]) -> None:
    assert written("markdown", line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("@file:a.py#L10-L40", ["file a.py lines=10-40"]),
        ("@file:a.py#L10-40", ["file a.py lines=10-40"]),
        ("(@file:a.py#L10).", ["file a.py lines=10-10"]),
        (
            "@file:a.md?lines=1-40&max=2000&optional.",
            ["file a.md lines=1-40 max=2000 optional=True"],
        ),
        ("@file:a.md?lines=3", ["file a.md lines=3-3"]),
        ("@file:a.md?lines=3-", ["file a.md lines=3-"]),
        ("@file:a.md#intro", ["file a.md#intro"]),
        ("@file:src/?.py", ["file src/?.py"]),
        ("@file:a?b.md?max=10", ["file a?b.md max=10"]),
        ("@file:a.md?maxx=10", ["file a.md reference/bad-option"]),
        ("@file:a.md?max=0", ["file a.md reference/bad-option"]),
        ("@file:a.md?max=5&lines=9-1", ["file a.md max=5 reference/bad-option"]),
        ("@file:a.md?lines=0-4", ["file a.md reference/bad-option"]),
        ("@file:a.md?lines=-4", ["file a.md reference/bad-option"]),
        ("@file:a.md?optional=no", ["file a.md optional=True reference/bad-option"]),
        ("@file:a.md#L4-L2", ["file a.md reference/bad-option"]),
        ("@file:a.md#L4?lines=1-2", ["file a.md lines=4-4 reference/bad-option"]),
        ("@file:a.md?optional&", ["file a.md optional=True reference/bad-option"]),
    ],
)
def test_options(line: str, expected: list[str]) -> None:
    assert written("markdown", line) == expected


def test_a_wrong_option_says_which_are_right() -> None:
    (reference,) = ReferenceGrammar(DIALECTS["markdown"]).find("@file:a.md?limit=3")
    assert reference.problem is not None
    assert reference.problem[1] == (
        "`limit` is no option. Use `lines=10-40`, `max=2000` or `optional`."
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("@api:weather", ["api weather"]),
        ("(@api:weather.today).", ["api weather.today"]),
        ("@api:weather?max=50&optional", ["api weather max=50 optional=True"]),
        ("@api:weather?today=1", ["api weather reference/bad-option"]),
        ("@api:https://example.com/a.json", ["api https://example.com/a.json"]),
        ("See @api:https://example.com/a?b=c.", ["api https://example.com/a?b=c"]),
        ("@api:https://x.org/a?b=c&max=5", ["api https://x.org/a?b=c max=5"]),
        ("@api:https://x.org/a?b=c?optional", ["api https://x.org/a?b=c optional=True"]),
        ("@api:https://x.org/a?optional", ["api https://x.org/a optional=True"]),
        ("@api:https://x.org/a?max=5&b=c", ["api https://x.org/a?max=5&b=c"]),
        ("@api:https://x.org/a?max=all", ["api https://x.org/a?max=all"]),
        ('@api:"https://x.org/a?max=5"', ["api https://x.org/a?max=5"]),
        ('@api:"https://x.org/a?max=5"?max=7', ["api https://x.org/a?max=5 max=7"]),
        ("@api:https://x.org/wiki/A_(b))", ["api https://x.org/wiki/A_(b)"]),
        ("@api:ftp://x.org/a", ["api ftp://x.org/a"]),
        ("@api:https://x.org/{{id}}", ["api https://x.org/{{id}} deferred"]),
        ("@api:", []),
        ("@api:!", []),
    ],
)
def test_apis(line: str, expected: list[str]) -> None:
    assert written("markdown", line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Dear @var:customer.name, hello", ["var customer.name"]),
        ("@var:name's", ["var name"]),
        ("@var:tone.", ["var tone"]),
        ("@var:tone: formal", ["var tone"]),
        ("@var:env:HOME", ["var env:HOME"]),
        ("@var:größe?optional", ["var größe optional=True"]),
        ("@var:a?", ["var a"]),
        ("@var: a", []),
    ],
)
def test_variables(line: str, expected: list[str]) -> None:
    assert written("markdown", line) == expected


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_every_dialect_reads_them(dialect: str) -> None:
    line = "With @file:docs/x.md, @api:weather and @var:name."
    assert written(dialect, line) == ["file docs/x.md", "api weather", "var name"]


def test_places() -> None:
    line = 'Say: @file:"a b.md"?optional, @file:c.py#L1.'
    first, second = ReferenceGrammar(DIALECTS["markdown"]).find(line)
    assert line[first.start : first.end] == first.text == '@file:"a b.md"?optional'
    assert line[first.target_start : first.target_end] == "a b.md"
    assert line[second.start : second.end] == second.text == "@file:c.py#L1"
    assert line[second.target_start : second.target_end] == "c.py"


def test_kinds_that_packages_bring() -> None:
    grammar = ReferenceGrammar(DIALECTS["markdown"], frozenset({"git"}))
    (reference,) = grammar.find("The diff: @git:HEAD~1..HEAD?max=400.")
    assert (reference.kind, reference.target) == ("git", "HEAD~1..HEAD")
    assert reference.options.max == 400
    assert any(trigger in "@git:x" for trigger in grammar.triggers)
    assert ReferenceGrammar(DIALECTS["markdown"]).find("@git:HEAD") == ()
