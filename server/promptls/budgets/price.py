"""What input tokens cost."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from promptls.budgets.profile import ModelProfile

_MILLION = 1_000_000
_SMALLEST = Decimal("0.0001")


def input_cost(tokens: int, profile: ModelProfile) -> Decimal | None:
    """US dollars for `tokens` input tokens at list price, without cache discounts; None: unknown.

    Above a tier's start all tokens cost the tier's price, as providers bill it.
    """
    price = profile.input_price
    if price is None:
        return None
    for start, tier_price in profile.price_tiers:
        if tokens > start:
            price = tier_price
    return price * tokens / _MILLION


def format_usd(amount: Decimal) -> str:
    """`$1,234.50`, `$0.0031`, `< $0.0001`, `$0`."""
    if amount == 0:
        return "$0"
    if amount < _SMALLEST:
        return f"< ${_SMALLEST}"
    rounded = amount.quantize(_SMALLEST, ROUND_HALF_UP)
    if rounded < 1:
        return f"${rounded}"
    return f"${amount.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"
