import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptls.budgets import limit_tokens
from promptls.budgets.thresholds import threshold
from promptls.settings.limit import BudgetLimit

NOTHING = BudgetLimit(tokens=0)


@pytest.mark.parametrize(
    ("limit", "window", "reserve", "expected"),
    [
        (BudgetLimit(tokens=2_000), None, NOTHING, 2_000),
        (BudgetLimit(tokens=2_000), 1_000, BudgetLimit(tokens=900), 2_000),
        (BudgetLimit(share=0.8), 10_000, NOTHING, 8_000),
        (BudgetLimit(share=0.8), 10_000, BudgetLimit(tokens=1_000), 7_200),
        (BudgetLimit(share=0.8), 10_000, BudgetLimit(share=0.25), 6_000),
        (BudgetLimit(share=1.5), 10_000, NOTHING, 15_000),
        (BudgetLimit(share=0.8), None, NOTHING, None),
        # Binary fractions would say 28 and 57.
        (BudgetLimit(share=0.29), 100, NOTHING, 29),
        (BudgetLimit(share=58 / 100), 100, NOTHING, 58),
        (BudgetLimit(share=0.00001), 100, NOTHING, 1),
        # The reserve leaves nothing.
        (BudgetLimit(share=0.8), 8_192, BudgetLimit(tokens=8_192), 0),
        (BudgetLimit(share=0.8), 8_192, BudgetLimit(tokens=100_000), 0),
        (BudgetLimit(share=0.8), 8_192, BudgetLimit(share=1.0), 0),
    ],
)
def test_limit_tokens(
    limit: BudgetLimit, window: int | None, reserve: BudgetLimit, expected: int | None
) -> None:
    assert limit_tokens(limit, window, reserve) == expected


@given(st.integers(1, 1_000), st.integers(1, 2_000_000))
@settings(max_examples=100)
def test_share_is_that_of_whole_numbers(permille: int, window: int) -> None:
    share = BudgetLimit(share=permille / 1_000)
    assert limit_tokens(share, window, NOTHING) == max(1, permille * window // 1_000)


@pytest.mark.parametrize(
    ("limit", "warn_at", "expected"),
    [(1_000, 0.8, 800), (100, 0.07, 7), (3, 0.8, 3), (1, 0.1, 1), (1_000, 1.0, 1_000)],
)
def test_warning_begins_at_the_share(limit: int, warn_at: float, expected: int) -> None:
    assert threshold(limit, warn_at).warning == expected
