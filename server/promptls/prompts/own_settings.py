"""The settings that a document may carry itself, in its front matter or in a directive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from promptls.prompts.dialects import DIALECTS
from promptls.settings.declaration import keys_of
from promptls.settings.forms import Choice, ListOf, NamedTables, NamedValues, Rows, Scalar, Wrong
from promptls.settings.model import Settings

OWN_KEYS = ("budget", "dialect", "encoding", "ignore", "model")
BUDGET_KEYS = ("document", "section", "reference", "warnAt", "reserveOutput")


def complaint(name: str, value: object) -> str | None:
    """Why `value` is not taken for a setting, as the end of a sentence; None when it is.

    `name` is dotted and camelCase (`budget.warnAt`), or `dialect`; for `ignore`, `value` is one
    item of the list. Raises KeyError for a name that is no setting.
    """
    if isinstance(value, str) and name == "dialect":
        value = value.strip().lower()
    read = _forms()[name].read(value)
    return read.reason if isinstance(read, Wrong) else None


def nearest(written: str, known: Iterable[str]) -> str | None:
    """Return the known name that was probably meant."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(written, list(known), n=1)), None)


@cache
def _forms() -> Mapping[str, Scalar]:
    forms: dict[str, Scalar] = {"dialect": Choice(tuple(DIALECTS))}
    for key in keys_of(Settings):
        form = key.setting.form
        if isinstance(form, ListOf):
            forms[key.name] = form.item
        elif not isinstance(form, (NamedTables, NamedValues, Rows)):
            forms[key.name] = form
    return forms
