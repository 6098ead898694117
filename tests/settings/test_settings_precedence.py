from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from promptls.settings import BudgetLimit, FileRule, Layer, Settings
from promptls.settings.precedence import Merged, merge
from promptls.settings.reader import read_layer

W = Path("/w")


def merged(raw_levels: list[dict[str, Any]], document: str = "prompts/a.md") -> Merged:
    levels = [read_layer(Layer(str(index), raw, folder=W)) for index, raw in enumerate(raw_levels)]
    assert not any(level.problems for level in levels)
    return merge(levels, W / document)


@pytest.mark.parametrize(
    ("levels", "encoding", "model"),
    [
        ([], None, None),
        ([{"encoding": "gpt2"}, {"model": "m"}], "gpt2", "m"),
        ([{"model": "m"}, {"encoding": "gpt2"}], None, "m"),
        ([{"model": "m", "encoding": "gpt2"}], "gpt2", "m"),
        ([{"model": "m"}, {"encoding": "gpt2", "model": "n"}], None, "m"),
        ([{"encoding": "gpt2"}, {"encoding": "p50k_base", "model": "n"}], "gpt2", "n"),
        ([{}, {"model": "m"}, {}, {"encoding": "gpt2"}], None, "m"),
        # A rule is nearer than its level's plain values, and an earlier rule than a later one.
        ([{"encoding": "gpt2", "files": [{"glob": "*.md", "model": "m"}]}], None, "m"),
        ([{"model": "m", "files": [{"glob": "*.md", "encoding": "gpt2"}]}], "gpt2", "m"),
        ([{"model": "m", "files": [{"glob": "*.txt", "encoding": "gpt2"}]}], None, "m"),
        (
            [{"files": [{"glob": "a.md", "model": "m"}, {"glob": "*.md", "encoding": "gpt2"}]}],
            None,
            "m",
        ),
        # A nearer level's plain value beats a farther level's rule.
        ([{"model": "m"}, {"files": [{"glob": "*.md", "model": "n"}]}], None, "m"),
    ],
)
def test_encoding_and_model(
    levels: list[dict[str, Any]], encoding: str | None, model: str | None
) -> None:
    settings = merged(levels).settings
    assert (settings.encoding, settings.model) == (encoding, model)


def test_each_key_is_decided_for_itself() -> None:
    result = merged(
        [
            {"budget": {"document": 1}, "debounce": 5},
            {"budget": {"document": 2, "section": "5%"}, "debounce": 6, "ignore": ["budget/*"]},
            {"budget": {"warn-at": 0.5}, "ignore": ["settings/*"]},
        ]
    )
    settings = result.settings
    assert settings.budget.document == BudgetLimit(tokens=1)
    assert settings.budget.section == BudgetLimit(share=0.05)
    assert settings.budget.warn_at == 0.5
    assert settings.debounce == 5
    assert settings.ignores("budget/section-near")
    assert not settings.ignores("settings/not-toml")
    assert settings.hints == Settings().hints
    assert result.origins == {
        "budget.document": "0",
        "budget.section": "1",
        "budget.warnAt": "2",
        "debounce": "0",
        "ignore": "1",
    }


def test_rules_add_up_nearest_first() -> None:
    result = merged(
        [
            {"files": [{"glob": "prompts/", "dialect": "claude"}]},
            {"files": [{"glob": "*.txt"}, {"glob": "*.md", "dialect": "cursor", "document": 7}]},
        ]
    )
    assert [rule.glob for rule in result.settings.files] == ["prompts/", "*.txt", "*.md"]
    assert result.rule == FileRule("prompts/", dialect="claude", document=BudgetLimit(tokens=7))
    assert result.settings.budget.document == BudgetLimit(tokens=7)


def test_no_rule_for_other_documents_or_none() -> None:
    levels = [read_layer(Layer("x", {"files": [{"glob": "*.md"}]}, folder=W))]
    assert merge(levels, W / "a.txt").rule is None
    assert merge(levels, None).rule is None
    assert merge([read_layer(Layer("x", {"files": [{"glob": "*.md"}]}))], W / "a.md").rule is None
