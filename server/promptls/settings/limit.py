"""A budget as a person writes it: a number of tokens, or a share of a model's window."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_TOKENS = 1_000_000_000_000
"""Far above any document; keeps every later division within what a float holds."""

MAX_SHARE = 10.0
"""1000 %: room for documents that are split before they are sent."""

_SHARE = re.compile(r"\s*([0-9]{1,4}(?:\.[0-9]{1,6})?)\s*%\s*")
_TOKENS = re.compile(r"\s*([0-9]{1,13})\s*")


@dataclass(frozen=True, slots=True)
class BudgetLimit:
    """Exactly one of `tokens` and `share` is set."""

    tokens: int | None = None
    share: float | None = None
    """1.0 is the whole of what the share is taken of."""

    @classmethod
    def parse(
        cls, value: object, *, zero: bool = False, max_share: float = MAX_SHARE
    ) -> BudgetLimit | str:
        """Read `2000`, `"2000"` or `"80%"`; a string as the result says what is wrong.

        `zero` admits 0 and `"0%"`; `max_share` is the largest share, 1.0 for 100 %.
        """
        if isinstance(value, str):
            if share := _SHARE.fullmatch(value):
                return cls._of_share(float(share[1]) / 100, zero=zero, max_share=max_share)
            if tokens := _TOKENS.fullmatch(value):
                return cls._of_tokens(int(tokens[1]), zero=zero)
        elif isinstance(value, int) and not isinstance(value, bool):
            return cls._of_tokens(value, zero=zero)
        elif isinstance(value, float) and value.is_integer():  # JSON knows no whole numbers
            return cls._of_tokens(int(value), zero=zero)
        return 'must be a whole number of tokens, or a share such as "80%"'

    @classmethod
    def _of_tokens(cls, tokens: int, *, zero: bool) -> BudgetLimit | str:
        if tokens < 0 or (tokens == 0 and not zero):
            return "must not be negative" if zero else "must be at least 1 token"
        if tokens > MAX_TOKENS:
            return f"must be at most {MAX_TOKENS:,} tokens"
        return cls(tokens=tokens)

    @classmethod
    def _of_share(cls, share: float, *, zero: bool, max_share: float) -> BudgetLimit | str:
        if share == 0 and not zero:
            return "must be more than 0 %"
        if share > max_share:
            return f"must be at most {max_share:.0%}".replace("%", " %")
        return cls(share=share)
