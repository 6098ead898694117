"""Which of several levels decides, per key: the nearest that sets it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from promptls.settings.declaration import build
from promptls.settings.file_rule import FileRule
from promptls.settings.globs import matches
from promptls.settings.layer import Level
from promptls.settings.model import Settings

_RULE_KEYS = {
    "model": "model",
    "encoding": "encoding",
    "budget.document": "document",
    "budget.section": "section",
}
"""The settings whose place a rule's attributes take."""


class Merged(NamedTuple):
    """The settings that hold for one document."""

    settings: Settings
    rule: FileRule | None
    """The matching `[[files]]` rules as one; None when no rule matches the document."""
    origins: Mapping[str, str]
    """The level that decided, by dotted camelCase name; defaults are not in it."""


def merge(levels: Sequence[Level], document: Path | None = None) -> Merged:
    """Merge levels, the nearest first, for the document at an absolute path.

    A level's matching rules are nearer than its plain values. `encoding` beats `model` at one
    level; a nearer level that sets only `model` puts a farther level's `encoding` aside.
    """
    matching = [[rule for rule in level.rules if _applies(rule, document)] for level in levels]
    chosen = choose(_in_order(levels, matching))
    values: dict[str, object] = {name: value for name, (_, value) in chosen.items()}
    values["files"] = tuple(rule for level in levels for rule in level.rules)
    values["ttl"] = tuple(rule for level in levels for rule in level.ttl_rules)
    return Merged(
        build(Settings, values),
        _as_one([rule for rules in matching for rule in rules]),
        {name: origin for name, (origin, _) in chosen.items()},
    )


def choose(
    levels: Iterable[tuple[str, Mapping[str, object]]],
) -> dict[str, tuple[str, object]]:
    """Take each key from the first level that has it, with that level's origin.

    Tables of names (`vars`) are taken name by name; their origin is the nearest of their levels.
    """
    chosen: dict[str, tuple[str, object]] = {}
    for origin, values in levels:
        model_decides = "model" in chosen
        for name, value in values.items():
            if name == "encoding" and model_decides:
                continue
            nearer_origin, nearer = chosen.setdefault(name, (origin, value))
            if isinstance(nearer, Mapping) and isinstance(value, Mapping):
                chosen[name] = nearer_origin, {**value, **nearer}
    return chosen


def _in_order(
    levels: Sequence[Level], matching: Sequence[Sequence[FileRule]]
) -> Iterator[tuple[str, Mapping[str, object]]]:
    for level, rules in zip(levels, matching, strict=True):
        for rule in rules:
            yield level.origin, _rule_values(rule)
        yield level.origin, level.values


def _rule_values(rule: FileRule) -> dict[str, object]:
    values = {name: getattr(rule, attribute) for name, attribute in _RULE_KEYS.items()}
    return {name: value for name, value in values.items() if value is not None}


def _as_one(rules: Sequence[FileRule]) -> FileRule | None:
    if not rules:
        return None
    chosen = choose(("", _rule_values(rule)) for rule in rules)
    values = {_RULE_KEYS[name]: value for name, (_, value) in chosen.items()}
    dialect = next((rule.dialect for rule in rules if rule.dialect), None)
    return build(FileRule, values | {"glob": rules[0].glob, "dialect": dialect})


def _applies(rule: FileRule, document: Path | None) -> bool:
    if rule.folder is None or document is None:
        return False
    return matches(rule.glob, rule.folder, document)
