"""Budgets in tokens: what a limit comes to, and from where it warns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from promptls.settings.limit import BudgetLimit


@dataclass(frozen=True, slots=True)
class BudgetUse:
    """How much of a budget is used."""

    limit: int
    """Tokens; at least 1."""
    used: int
    """Tokens."""
    share: float
    """`used / limit`."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit, and where it begins to warn, in tokens."""

    limit: int
    warning: int
    """The least number that has reached the warning share."""


def limit_tokens(limit: BudgetLimit, window: int | None, reserve: BudgetLimit) -> int | None:
    """Count the tokens that a limit allows.

    A share is one of the input window less the reserved output (which may be a share of the
    window itself), rounded down, and at least 1. None when a share meets an unknown window; 0 when
    the reserve leaves nothing of it.
    """
    if limit.tokens is not None:
        return limit.tokens
    if limit.share is None or window is None:
        return None
    room = window - reserved_tokens(reserve, window)
    return max(1, _part(limit.share, room)) if room > 0 else 0


def reserved_tokens(reserve: BudgetLimit, window: int) -> int:
    """Count the tokens of the window that are kept for the model's output."""
    if reserve.tokens is not None:
        return reserve.tokens
    return 0 if reserve.share is None else _part(reserve.share, window)


def threshold(limit: int, warn_at: float) -> Threshold:
    """Where a limit in tokens warns, `warn_at` being the share."""
    return Threshold(limit, math.ceil(_exact(warn_at) * limit))


def use_of(used: int, limit: int) -> BudgetUse:
    """Compare `used` tokens with a `limit` of at least 1."""
    return BudgetUse(limit, used, used / limit)


def _part(share: float, whole: int) -> int:
    return math.floor(_exact(share) * whole)


def _exact(share: float) -> Fraction:
    # The figure that was written: 0.29 of 100 is 29, though 0.29 * 100 is 28.999999999999996, and
    # "57.3%" may have become 0.5730000000000001.
    return Fraction(repr(round(share, 10)))
