from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptls.settings import BudgetLimit


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2000, BudgetLimit(tokens=2000)),
        (2000.0, BudgetLimit(tokens=2000)),
        ("2000", BudgetLimit(tokens=2000)),
        ("80%", BudgetLimit(share=0.8)),
        (" 12.5 % ", BudgetLimit(share=0.125)),
        ("1000%", BudgetLimit(share=10.0)),
    ],
)
def test_reads_tokens_and_shares(value: object, expected: BudgetLimit) -> None:
    assert BudgetLimit.parse(value) == expected


NEITHER: list[object] = [
    True,
    0.5,
    math.inf,
    math.nan,
    None,
    [],
    "",
    "%",
    "80 percent",
    "-1%",
    "٣%",
]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (0, "must be at least 1 token"),
        (-5, "must be at least 1 token"),
        (10**13, "must be at most 1,000,000,000,000 tokens"),
        ("0%", "must be more than 0 %"),
        ("1000.1%", "must be at most 1000 %"),
        *(
            (value, 'must be a whole number of tokens, or a share such as "80%"')
            for value in NEITHER
        ),
    ],
)
def test_says_what_is_wrong(value: object, reason: str) -> None:
    assert BudgetLimit.parse(value) == reason


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, BudgetLimit(tokens=0)),
        ("0%", BudgetLimit(share=0.0)),
        ("100%", BudgetLimit(share=1.0)),
        ("101%", "must be at most 100 %"),
        (-1, "must not be negative"),
    ],
)
def test_reserve_may_be_nothing_and_not_more_than_all(value: object, expected: object) -> None:
    assert BudgetLimit.parse(value, zero=True, max_share=1.0) == expected


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none()))
def test_any_value_gives_one_figure_or_a_reason(value: object) -> None:
    limit = BudgetLimit.parse(value)
    assert isinstance(limit, str) or (limit.tokens is None) != (limit.share is None)
