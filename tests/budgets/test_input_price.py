from decimal import Decimal

import pytest

from promptls.budgets import ModelProfile, format_usd, input_cost


def priced(price: str | None, *tiers: tuple[int, str]) -> ModelProfile:
    return ModelProfile(
        name="m",
        provider="p",
        window=None,
        input_price=None if price is None else Decimal(price),
        price_tiers=tuple((start, Decimal(one)) for start, one in tiers),
        encoding=None,
        accuracy="estimate",
        family="other",
    )


@pytest.mark.parametrize(
    ("tokens", "profile", "expected"),
    [
        (1_000_000, priced("2.5"), "2.5"),
        (1_234, priced("3"), "0.003702"),
        (0, priced("3"), "0"),
        # A tier is for all tokens, from the first one above its start.
        (200_000, priced("3", (200_000, "6")), "0.6"),
        (200_001, priced("3", (200_000, "6")), "1.200006"),
        (300, priced("1", (100, "2"), (200, "3")), "0.0009"),
    ],
)
def test_input_cost(tokens: int, profile: ModelProfile, expected: str) -> None:
    assert input_cost(tokens, profile) == Decimal(expected)


def test_unknown_price_costs_nothing_known() -> None:
    assert input_cost(1_000, priced(None)) is None


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0", "$0"),
        ("0.00001", "< $0.0001"),
        ("0.0001", "$0.0001"),
        ("0.003702", "$0.0037"),
        ("0.99994", "$0.9999"),
        ("0.99999", "$1.00"),
        ("12.345", "$12.35"),
        ("1234.5", "$1,234.50"),
    ],
)
def test_format_usd(amount: str, expected: str) -> None:
    assert format_usd(Decimal(amount)) == expected
