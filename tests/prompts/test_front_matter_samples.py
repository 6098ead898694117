from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

from promptls.prompts.front_matter import parse_front_matter
from promptls.prompts.front_matter.samples import read_samples


def samples(content: str) -> dict[str, str]:
    front_matter = parse_front_matter(["---", *dedent(content).strip().split("\n"), "---"])
    assert front_matter.findings == ()
    return dict(front_matter.samples)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("name: x", {}),
        # Prompty 1
        ("sample:\n  firstName: Jane\n  age: 30\n  vip: true", {
            "firstName": "Jane", "age": "30", "vip": "true",
        }),
        ("inputs:\n  q:\n    type: string\n    sample: Why?\n    default: What?", {"q": "Why?"}),
        ("inputs:\n  q:\n    type: string\n    default: What?", {"q": "What?"}),
        ("inputs:\n  q:\n    type: string", {}),
        ("inputs:\n  q: Why?", {"q": "Why?"}),
        ("inputs:\n  q:\n    sample: a\nsample:\n  q: b", {"q": "b"}),
        ("sample: sample.json", {}),
        # Prompty 2
        ("inputs:\n- name: q\n  kind: string\n  default: Why?\n- name: r\n- 5", {"q": "Why?"}),
        # Dotprompt
        ("model: m\ninput:\n  schema:\n    n: string\n  default:\n    n: Ada", {"n": "Ada"}),
        ("input:\n  default: x", {}),
        # What is not scalar
        ("sample:\n  c: {n: x, tags: [a, 1]}\n  l:\n  - 1\n  - a: ~\n  e: ~", {
            "c": '{"n":"x","tags":["a",1]}',
            "c.n": "x",
            "c.tags": '["a",1]',
            "l": '[1,{"a":null}]',
        }),
        ("sample:\n  d: 2026-01-31\n  t: |\n    two\n    lines", {
            "d": "2026-01-31", "t": "two\nlines",
        }),
        # Copilot
        ("mode: agent\ntools: [a]\ndescription: x", {}),
    ],
)  # fmt: skip
def test_samples(content: str, expected: dict[str, str]) -> None:
    assert samples(content) == expected


@pytest.mark.parametrize(
    "values",
    [
        {"sample": 5, "inputs": "x", "input": [1]},
        {"inputs": {"q": []}, "sample": {}},
        {"inputs": [{"name": 5, "default": 1}, None]},
    ],
)
def test_other_shapes_are_passed_over(values: dict[str, Any]) -> None:
    assert read_samples(values) in ({}, {"q": "[]"})


def test_samples_beside_a_line_that_is_no_yaml() -> None:
    lines = ["---", "description: Use when: x", "sample:", "  q: Why?", "model: m", "---"]
    front_matter = parse_front_matter(lines)
    assert [finding.code for finding in front_matter.findings] == ["front-matter/invalid"]
    assert front_matter.samples == {"q": "Why?"}
    assert front_matter.settings == {"model": "m"}


def test_a_billion_laughs_are_refused() -> None:
    levels = [f"  {b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdef", "bcdefg")]  # noqa: B905
    front_matter = parse_front_matter(["---", "sample:", "  a: &a [x]", *levels, "---"])
    assert [finding.code for finding in front_matter.findings] == ["front-matter/invalid"]
    assert sum(map(len, front_matter.samples.values())) < 100_000


def test_the_budget_of_references_may_stand_in_front_matter() -> None:
    front_matter = parse_front_matter(["---", "budget:", "  reference: 500", "---"])
    assert front_matter.settings == {"budget": {"reference": 500}}
    assert front_matter.findings == ()
