"""What is known of a model: the values that the other modules of this room work with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

Accuracy = Literal["exact", "calibrated", "estimate"]


@dataclass(frozen=True, slots=True)
class ModelProfile:
    """A model, or a tool's alias for one, as far as budgets are concerned."""

    name: str
    """The model's identifier at its provider; for an alias, the alias."""
    provider: str | None
    """Who serves it, as genai-prices names providers (`openai`, `azure`, `github-copilot`)."""
    window: int | None
    """Input window in tokens; None when it is not known."""
    input_price: Decimal | None
    """US dollars for a million input tokens; None when it is not known."""
    price_tiers: tuple[tuple[int, Decimal], ...]
    """Ascending (start, price): above `start` input tokens, *all* of them cost `price`."""
    encoding: str | None
    """tiktoken encoding, None when the model's tokenizer is not tiktoken's."""
    accuracy: Accuracy
    """How far a count in the profile's (or, without one, the document's) encoding holds for it."""
    family: str | None
    """Key into `promptls.budgets.families`; None when nothing is known of the tokenizer."""
    is_alias: bool = False
    """True for a name such as `inherit` or `opus`: the tool decides which model that is."""


@dataclass(frozen=True, slots=True)
class UnknownModel:
    """A name that no provider knows."""

    name: str
    nearest: tuple[str, ...]
    """Known names that look like it, the likeliest first; may be empty."""


def model_to_json(model: ModelProfile) -> dict[str, Any]:
    """A profile as the command line and the server tell of it; prices are US dollars."""
    return {
        "name": model.name,
        "provider": model.provider,
        "window": model.window,
        "inputPrice": None if model.input_price is None else float(model.input_price),
        "priceTiers": [
            {"above": start, "inputPrice": float(price)} for start, price in model.price_tiers
        ],
        "encoding": model.encoding,
        "accuracy": model.accuracy,
    }
