from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptls.findings import Finding
from promptls.prompts.front_matter import FrontMatter, parse_front_matter
from promptls.prompts.front_matter.block import MAX_SIZE


def block(content: str) -> list[str]:
    return ["---", *dedent(content).strip("\n").split("\n"), "---"]


def parsed(content: str) -> FrontMatter:
    return parse_front_matter(block(content))


def marked(content: str, finding: Finding) -> str:
    start, end = finding.range
    assert start.line == end.line
    return block(content)[start.line][start.character : end.character]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", {}),
        ("name: x\ndescription: the model of it", {}),
        ("model: gpt-4o", {"model": "gpt-4o"}),
        ('"model": "gpt-4o"', {"model": "gpt-4o"}),
        ("{model: gpt-4o}", {"model": "gpt-4o"}),
        ("model: Claude Sonnet 4.5 (copilot)", {"model": "Claude Sonnet 4.5 (copilot)"}),
        ("model: GPT-4.1 # for now", {"model": "GPT-4.1"}),
        ("model: [gpt-4o, o1]", {"model": ["gpt-4o", "o1"]}),
        ("model:\n- gpt-4o", {"model": ["gpt-4o"]}),
        (
            "model:\n  id: gpt-4\n  options:\n    temperature: 0.5\n    stop: ~",
            {"model": {"id": "gpt-4", "options": {"temperature": 0.5, "stop": None}}},
        ),
        ("model: a\nmodel: b", {"model": "b"}),
        ("model:", {}),
        ("model: 4", {}),
        ("config:\n  model: nested", {}),
        ("encoding: o200k_base", {"encoding": "o200k_base"}),
        ("encoding: utf-8", {}),
        ("budget: 2000", {"budget": {"document": 2000}}),
        ("budget: 1_000", {"budget": {"document": 1000}}),
        ("budget: 0500", {"budget": {"document": 500}}),
        ("budget: 80%", {"budget": {"document": "80%"}}),
        ('budget: "2000"', {"budget": {"document": "2000"}}),
        (
            "budget:\n  document: 8000\n  section: 10%\n  warn-at: 0.9\n  reserve-output: 0",
            {"budget": {"document": 8000, "section": "10%", "warnAt": 0.9, "reserveOutput": 0}},
        ),
        (
            "budget: {warnAt: 1, reserveOutput: 25%}",
            {"budget": {"warnAt": 1, "reserveOutput": "25%"}},
        ),
        ("budget: 0", {}),
        ("budget: about 20 EUR", {}),
        ("budget: yes", {}),
        ("budget: {amount: 20, currency: EUR}", {}),
        ("budget: {}", {}),
        ("promptls:\n  budget: 500", {"budget": {"document": 500}}),
        ("promptls: {budget: 500}\nbudget: 900", {"budget": {"document": 500}}),
        (
            "budget: {section: 9}\npromptls: {budget: 500}",
            {"budget": {"section": 9, "document": 500}},
        ),
        ("promptls: {model: gpt-4o, encoding: gpt2}", {"model": "gpt-4o", "encoding": "gpt2"}),
        ("promptls: {ignore: budget/section-near}", {"ignore": ["budget/section-near"]}),
        ("promptls: {ignore: 'budget/*, directive/*'}", {"ignore": ["budget/*", "directive/*"]}),
        ("promptls:\n  ignore:\n  - budget/*", {"ignore": ["budget/*"]}),
        ("promptls:\n  budget:", {}),
        ("promptls:", {}),
        ("date: 2025-02-30\nx: !custom 1\nmodel: m", {"model": "m"}),
        ("? {a: b}\n: c\nmodel: m", {"model": "m"}),
        ("base: &b {id: m}\nmodel: *b", {"model": {"id": "m"}}),
        ("model: m\x00\x0b", {"model": "m\ufffd\ufffd"}),
        ("model: m\ud800", {"model": "m\ufffd"}),
        ("# licence\n\nmodel: m", {"model": "m"}),
        ("- model: m", {}),
    ],
)
def test_settings(content: str, expected: Mapping[str, object]) -> None:
    front_matter = parsed(content)
    assert front_matter.settings == expected
    assert front_matter.findings == ()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("dialect: claude", "claude"),
        ("dialect: Claude", "claude"),
        ("dialect: Bavarian", None),
        ("dialect: claude\npromptls: {dialect: gemini}", "gemini"),
    ],
)
def test_dialect(content: str, expected: str | None) -> None:
    front_matter = parsed(content)
    assert front_matter.dialect == expected
    assert front_matter.settings == {}
    assert front_matter.findings == ()


@pytest.mark.parametrize(
    ("content", "code", "at", "words"),
    [
        ("promptls: {bugdet: 5}", "unknown-key", "bugdet", "Did you mean `budget`?"),
        ("promptls: {colour: red}", "unknown-key", "colour", "Known are"),
        ("promptls:\n  budget: {sectoin: 5}", "unknown-key", "sectoin", "Did you mean `section`?"),
        ("promptls: {budget: {warn_art: 1}}", "unknown-key", "warn_art", "`warnAt`"),
        ("promptls: {budget: -5}", "wrong-value", "budget", "at least 1 token"),
        ("budget: 5000%", "wrong-value", "budget", "at most 1000 %"),
        ("budget: {document: lots}", "wrong-value", "document", "whole number"),
        ("promptls: {budget: {warn-at: 2}}", "wrong-value", "warn-at", "at most 1"),
        ("promptls: {encoding: utf-8}", "wrong-value", "encoding", "cl100k_base"),
        ("promptls: {dialect: klingon}", "wrong-value", "dialect", "claude"),
        ("promptls: {ignore: no/such}", "wrong-value", "ignore", "names no finding"),
        ("promptls: {ignore: 5}", "wrong-value", "ignore", "finding code"),
        ("promptls: {model: 5}", "wrong-value", "model", "text"),
        ("promptls: 500", "wrong-value", "promptls", "budget: 2000"),
    ],
)
def test_findings(content: str, code: str, at: str, words: str) -> None:
    front_matter = parsed(content)
    [finding] = front_matter.findings
    assert finding.code == f"front-matter/{code}"
    assert marked(content, finding) == at
    assert words in finding.message
    assert front_matter.settings == {}


@pytest.mark.parametrize(
    ("content", "expected", "at", "fixed"),
    [
        (
            "description: Use when: asked\nmodel: gpt-4o",
            {"model": "gpt-4o"},
            "Use when: asked",
            '"Use when: asked"',
        ),
        (
            "description: Füge \\ hinzu: 😀: x  \nmodel: m",
            {"model": "m"},
            "Füge \\ hinzu: 😀: x",
            '"Füge \\\\ hinzu: 😀: x"',
        ),
        ("model: @fast", {"model": "@fast"}, "@fast", '"@fast"'),
        ("argument-hint: [a] [b]\nmodel: m", {"model": "m"}, "[a] [b]", '"[a] [b]"'),
        ("globs: *.py\nmodel: m\n", {"model": "m"}, "*.py", '"*.py"'),
        ("model: m\ninput:\n  schema\n    name: string", {"model": "m"}, ": string", None),
        ("name: 'it\nmodel: m\nbudget: 5", {"model": "m", "budget": {"document": 5}}, "'it", None),
        ("name: x\n\tmodel: no\nmodel: m", {"model": "m"}, "\tmodel: no", None),
        ("model:\n- a\n- b\nx: a: b", {"model": ["a", "b"]}, "a: b", '"a: b"'),
        ("x: a: b\npromptls:\n  budget: 5", {"budget": {"document": 5}}, "a: b", '"a: b"'),
        ("prose about the model: it is\nnot: a: mapping", {}, "a: mapping", '"a: mapping"'),
    ],
)
def test_what_yaml_refuses_is_read_entry_by_entry(
    content: str, expected: Mapping[str, object], at: str, fixed: str | None
) -> None:
    front_matter = parsed(content)
    assert front_matter.settings == expected
    [finding] = front_matter.findings
    assert (finding.code, finding.severity) == ("front-matter/invalid", "warning")
    assert marked(content, finding) == at
    assert [fix.new_text for fix in finding.fixes] == ([] if fixed is None else [fixed])
    for fix in finding.fixes:
        lines = block(content)
        start, end = fix.range
        line = lines[start.line]
        lines[start.line] = line[: start.character] + fix.new_text + line[end.character :]
        again = parse_front_matter(lines)
        assert again.findings == ()
        assert again.settings == expected


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("model: " + "[" * 60_000, "32 collections"),
        ("model: " + "{a: " * 10_000, "32 collections"),
        ("model:\n" + "- " * 30_000, "32 collections"),
        (
            "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
            + "\n".join(
                f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]"
                for a, b in zip("abcdefgh", "bcdefghi", strict=True)
            )
            + "\nmodel: *i",
            "2000 values",
        ),
        ("model: &m [*m, *m]", "2000 values"),
        ("model: " + "x" * MAX_SIZE, "64 KB"),
        ("model: *none", "alias"),
    ],
)
def test_bombs_are_refused(content: str, words: str) -> None:
    front_matter = parse_front_matter(["---", *content.split("\n"), "---"])
    [finding] = front_matter.findings
    assert finding.code == "front-matter/invalid"
    assert words in finding.message
    assert not isinstance(front_matter.settings.get("model"), list)


def test_a_bomb_beside_the_keys_that_are_read_costs_nothing() -> None:
    levels = "\n".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]" for a, b in zip("abc", "bcd", strict=True)
    )
    front_matter = parsed(f"model: m\na: &a [x]\n{levels}")
    assert front_matter.settings == {"model": "m"}
    assert front_matter.findings == ()


def test_places_count_from_the_first_line_of_the_block() -> None:
    lines = ["\ufeff--- \r\n", "name: x\r\n", "budget:\r\n", "  document: 5\r\n", "--- \r\n"]
    front_matter = parse_front_matter(lines, 10)
    assert front_matter.end_line == 14
    assert front_matter.settings == {"budget": {"document": 5}}
    [(name, place)] = front_matter.key_ranges.items()
    assert name == ("budget", "document")
    assert (place.start, place.end) == ((13, 2), (13, 10))


def test_unusual_line_ends_of_yaml_do_not_move_places() -> None:
    front_matter = parsed("name: a\u2028b\x85c\nmodel: m")
    assert front_matter.settings == {"model": "m"}
    assert front_matter.key_ranges["model",].start == (2, 0)


def test_columns_are_code_points() -> None:
    front_matter = parsed('{"😀é": 1, model: m}')
    assert front_matter.key_ranges["model",].start == (1, 10)


def test_an_empty_block() -> None:
    assert parse_front_matter(["---", "---"], 2) == FrontMatter(3)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["model: m", "promptls:", "  budget: 5", "budget: &a [*a]", "? [", "..."]
            ),
            st.text(
                alphabet=st.sampled_from(list("model: [{'\"|>-&*!%@`#\t\x00\u2028😀\ud800")),
                max_size=12,
            ),
        ),
        max_size=8,
    )
)
def test_any_block_is_read(lines: list[str]) -> None:
    content = ["---", *lines, "---"]
    front_matter = parse_front_matter(content)
    assert front_matter.end_line == len(content) - 1
    ranges = [*front_matter.key_ranges.values(), *(f.range for f in front_matter.findings)]
    for start, end in ranges:
        assert start <= end
        assert end.line < len(content)
        assert end.character <= len(content[end.line])
