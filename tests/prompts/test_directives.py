from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptls.findings import Finding
from promptls.prompts.directives import MAX_LENGTH, Directive, parse_directive


def parsed(text: str) -> Directive:
    directive = parse_directive(text, 3)
    assert directive is not None
    return directive


def marked(text: str, finding: Finding) -> str:
    start, end = finding.range
    assert start.line == end.line == 3
    return text[start.character : end.character]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!-- promptls: budget=500 -->", {"budget": "500"}),
        ("<!--promptls:budget=500-->", {"budget": "500"}),
        ("<!-- promptls: budget = 500 -->", {"budget": "500"}),
        ('<!-- promptls: budget="80%" -->', {"budget": "80%"}),
        ("<!-- promptls: budget='80 %' model=gpt-4o -->", {"budget": "80 %", "model": "gpt-4o"}),
        ("<!-- promptls: model='Claude Sonnet 4.5' -->", {"model": "Claude Sonnet 4.5"}),
        ("<!-- promptls: dialect=Claude -->", {"dialect": "Claude"}),
        ("<!-- promptls: encoding=o200k_base -->", {"encoding": "o200k_base"}),
        ("<!-- promptls: ignore=budget/section-near -->", {"ignore": "budget/section-near"}),
        (
            "text <!-- promptls: model=a --> <!-- promptls: budget=2 -->",
            {"model": "a", "budget": "2"},
        ),
        ("<!-- promptls: model=a model=b -->", {"model": "b"}),
        ("<!-- promptls: -->", {}),
        ("é😀 <!-- promptls: budget=7 -->", {"budget": "7"}),
    ],
)
def test_pairs(text: str, expected: dict[str, str]) -> None:
    directive = parsed(text)
    assert directive.findings == ()
    assert {pair.key: directive.value(pair.key) for pair in directive.pairs} == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "promptls: budget=500",
        "<!-- budget=500 -->",
        "<!-- about promptls: budget=500 -->",
        "<!-- promptls: budget=500",
        "<!-- Promptls: budget=500 -->",
    ],
)
def test_no_directive(text: str) -> None:
    assert parse_directive(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ignore=budget/*", ("budget/*",)),
        ("ignore=budget/section-near,front-matter/*", ("budget/section-near", "front-matter/*")),
        (
            "ignore=budget/section-near, budget/document-near",
            ("budget/section-near", "budget/document-near"),
        ),
        ("ignore='budget/*, directive/*'", ("budget/*", "directive/*")),
        ("ignore=budget/*, model=x", ("budget/*",)),
        ("ignore=budget/* ignore=directive/*", ("budget/*", "directive/*")),
    ],
)
def test_ignored_codes(text: str, expected: tuple[str, ...]) -> None:
    directive = parsed(f"<!-- promptls: {text} -->")
    assert directive.findings == ()
    assert directive.ignored() == expected


@pytest.mark.parametrize(
    ("text", "code", "at", "words"),
    [
        ("bugdet=500", "directive/unknown-key", "bugdet", "Did you mean `budget`?"),
        ("colour=red", "directive/unknown-key", "colour", "Known are `budget`"),
        ("=500", "directive/unknown-key", "=", "Known are"),
        ("budget", "directive/wrong-value", "budget", "budget=500"),
        ("budget=", "directive/wrong-value", "budget", "budget=500"),
        ("budget=''", "directive/wrong-value", "budget", "budget=500"),
        ("budget=much", "directive/wrong-value", "much", "budget=500"),
        ("budget=0", "directive/wrong-value", "0", "at least 1 token"),
        ("budget=-5", "directive/wrong-value", "-5", "budget=500"),
        ("budget='lots of it'", "directive/wrong-value", "'lots of it'", "budget=500"),
        ('budget="80%', "directive/wrong-value", '"80% ', "budget=500"),
        ("dialect=klingon", "directive/wrong-value", "klingon", "dialect=claude"),
        ("encoding=utf-8", "directive/wrong-value", "utf-8", "cl100k_base"),
        ("ignore=no/such", "directive/wrong-value", "no/such", "names no finding"),
    ],
)
def test_findings(text: str, code: str, at: str, words: str) -> None:
    comment = f"😀 <!-- promptls: {text} -->"
    directive = parsed(comment)
    assert directive.pairs == ()
    [finding] = directive.findings
    assert finding.code == code
    assert finding.severity == "warning"
    assert marked(comment, finding) == at
    assert words in finding.message


def test_one_mistake_does_not_cost_the_other_pairs() -> None:
    directive = parsed("<!-- promptls: bugdet=500 model=gpt-4o -->")
    assert directive.value("model") == "gpt-4o"
    [finding] = directive.findings
    [fix] = finding.fixes
    assert (fix.new_text, fix.range) == ("budget", finding.range)


def test_the_range_of_a_pair_is_the_whole_pair() -> None:
    text = '😀 <!-- promptls: model="a b" budget=5 -->'
    ranges = [pair.range for pair in parsed(text).pairs]
    assert [text[r.start.character : r.end.character] for r in ranges] == [
        'model="a b"',
        "budget=5",
    ]


def test_an_endless_directive_is_passed_over() -> None:
    directive = parsed(f"<!-- promptls: {'x=1 ' * MAX_LENGTH} --> <!-- promptls: budget=5 -->")
    assert [finding.code for finding in directive.findings] == ["directive/wrong-value"]
    assert directive.value("budget") == "5"


@pytest.mark.parametrize(
    ("in_preamble", "expected"),
    [
        (
            True,
            {
                "model": "m",
                "encoding": "gpt2",
                "budget": {"document": "50%"},
                "ignore": ["budget/*"],
            },
        ),
        (False, {"model": "m", "encoding": "gpt2"}),
    ],
)
def test_document_settings(in_preamble: bool, expected: dict[str, object]) -> None:
    text = "<!-- promptls: model=m encoding=gpt2 budget=50% ignore=budget/* dialect=claude -->"
    assert parsed(text).document_settings(in_preamble=in_preamble) == expected


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("budgetmol=,'\" <!->😀\t/*5%"))))
def test_any_text_is_read(text: str) -> None:
    comment = f"<!-- promptls: {text} -->"
    directive = parsed(comment)
    ranges = [pair.range for pair in directive.pairs]
    ranges += [finding.range for finding in directive.findings]
    for start, end in ranges:
        assert 0 <= start.character < end.character <= len(comment)
