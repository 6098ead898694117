"""`promptls models`: the models that are known, with window, price and encoding."""

from __future__ import annotations

import json

import click

from promptls.budgets import ModelProfile, list_models, model_to_json
from promptls.cli.application import complain
from promptls.cli.tables import ABSENT, Column, figure, show_table

NOTHING_FOUND = 1

_COLUMNS = (
    Column("WINDOW"),
    Column("$/MTOK"),
    Column("ENCODING", is_figure=False),
    Column("ACCURACY", is_figure=False),
    Column("MODEL", is_figure=False),
)


@click.command(epilog="Example: promptls models anthropic sonnet")
@click.argument("words", nargs=-1)
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True
)
def command(words: tuple[str, ...], form: str) -> int:
    """List the models that are known.

    With WORDS, those whose provider/name holds each of them. WINDOW is in tokens, the price in US
    dollars for a million input tokens. ACCURACY says how far an exact count in ENCODING (without
    one: in that of the settings) holds for the model.

    Exit code: 0, or 1 when no model matches.
    """
    models = list_models(" ".join(words))
    if form == "json":
        print(json.dumps({"models": [model_to_json(model) for model in models]}, indent=2))
    elif models:
        show_table(_COLUMNS, [_row(model) for model in models])
    if not models:
        complain(f"no model matches {' '.join(words)!r}")
        return NOTHING_FOUND
    return 0


def _row(model: ModelProfile) -> tuple[str, ...]:
    price = ABSENT if model.input_price is None else f"{model.input_price.normalize():f}"
    return (
        figure(model.window),
        price,
        model.encoding or ABSENT,
        model.accuracy,
        f"{model.provider}/{model.name}",
    )
