"""Plain values as the text that takes a variable's place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, time

MAX_DEPTH = 32
"""Tables inside one another; what is deeper has no names."""


def plain_text(value: object) -> str | None:
    """Give a scalar as text: `true`, `3`, `1.5`, `2026-01-31`; None for what is none."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            try:
                return str(value)
            except ValueError:  # more than 4,300 digits
                return None
        case date() | time():
            return value.isoformat()
        case _:
            return None


def value_text(value: object) -> str | None:
    """Give a scalar as text, and a list or table as compact JSON; None for null."""
    if not isinstance(value, (list, Mapping)):
        return plain_text(value)
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=plain_text)
    except (ValueError, TypeError, RecursionError):
        return None


def named_texts(values: Mapping[str, object]) -> dict[str, str]:
    """Name every value of nested tables: `{"a": {"b": 1}}` has `a` and `a.b`.

    A table or list is itself a value too, as JSON. Null is as good as nothing.
    """
    return dict(_named(values, "", 1))


def _named(values: Mapping[str, object], above: str, depth: int) -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        name = f"{above}{key}"
        text = value_text(value)
        if text is not None:
            yield name, text
        if isinstance(value, Mapping) and depth < MAX_DEPTH:
            yield from _named(value, f"{name}.", depth + 1)
