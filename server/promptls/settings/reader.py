"""Reads raw values into typed ones; what is wrong becomes a problem and is left out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from promptls.settings.declaration import Key, Scope, Spelling, build
from promptls.settings.forms import ListOf, Rows, Scalar, Wrong
from promptls.settings.layer import KeyPath, Layer, Level, Problem
from promptls.settings.model import FileRule
from promptls.settings.tables import Table, nearest_name, rule_table, settings_table

RESOURCE: frozenset[Scope] = frozenset({"resource"})
MACHINE: frozenset[Scope] = frozenset({"machine"})
BOTH: frozenset[Scope] = RESOURCE | MACHINE

MAX_PROBLEMS = 100
"""Per level: more than a reader looks at, where a broken file may have 100,000."""

MAX_ITEMS = 1000
"""Per list: every rule is tried for every document."""

_MAX_SHOWN = 60
"""Characters of a value or name that a message repeats."""


def read_layer(layer: Layer, scopes: frozenset[Scope] = RESOURCE) -> Level:
    """Read one level; a setting whose scope is not in `scopes` is a problem. Raises nothing."""
    reading = _Reading(layer.spelling, layer.folder, scopes)
    if isinstance(layer.values, Mapping):
        reading.table(layer.values, settings_table(), (), reading.values)
    else:
        message = f"Settings ({layer.origin}) must be a table; {_shown(layer.values)} is ignored."
        reading.problems.append(Problem("settings/wrong-value", (), message))
    return Level(layer.origin, reading.values, tuple(reading.rules), tuple(reading.problems))


@dataclass(slots=True)
class _Reading:
    spelling: Spelling
    folder: Path | None
    scopes: frozenset[Scope]
    values: dict[str, object] = field(default_factory=dict)
    rules: list[FileRule] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def table(
        self, raw: Mapping[str, object], table: Table, path: KeyPath, into: dict[str, object]
    ) -> None:
        """Read every key of a table."""
        for written, value in raw.items():
            here = (*path, str(written))
            entry = table.find(str(written))
            if value is None:
                continue
            if entry is None:
                self._unknown(str(written), table, here)
            elif isinstance(entry, Key):
                self._setting(entry, value, here, into)
            elif isinstance(value, Mapping):
                self.table(value, entry, here, into)
            else:
                example = next(entry.names(self.spelling))
                self._wrong(here, f"must be a table, with keys such as `{example}`", value)

    def _setting(self, key: Key, value: object, path: KeyPath, into: dict[str, object]) -> None:
        form = key.setting.form
        if key.setting.scope not in self.scopes:
            self._out_of_scope(key, path)
        elif isinstance(form, Rows):
            self._rows(value, path)
        elif isinstance(form, ListOf):
            self._list(key, form.item, value, path, into)
        elif isinstance(read := form.read(value), Wrong):
            self._wrong(path, read.reason, value)
        else:
            into[key.name] = read

    def _list(
        self, key: Key, item: Scalar, value: object, path: KeyPath, into: dict[str, object]
    ) -> None:
        if not isinstance(value, (list, tuple)):
            self._wrong(path, "must be a list", value)
            return
        items: list[object] = []
        for index, element in enumerate(self._bounded(value, path)):
            read = item.read(element)
            if isinstance(read, Wrong):
                self._wrong((*path, index), read.reason, element)
            else:
                items.append(read)
        into[key.name] = tuple(items)

    def _rows(self, value: object, path: KeyPath) -> None:
        if not isinstance(value, (list, tuple)):
            self._wrong(path, "must be a list of tables, each with a `glob`", value)
            return
        for index, row in enumerate(self._bounded(value, path)):
            here = (*path, index)
            if not isinstance(row, Mapping):
                self._wrong(here, "must be a table with a `glob`", row)
                continue
            values: dict[str, object] = {}
            self.table(row, rule_table(), here, values)
            if "glob" in values:
                self.rules.append(replace(build(FileRule, values), folder=self.folder))
            elif row.get("glob") is None:
                self._report("wrong-value", here, f"`{_shown_path(here)}` needs a `glob`.")

    def _bounded(self, items: Sequence[object], path: KeyPath) -> Sequence[object]:
        if len(items) > MAX_ITEMS:
            message = (
                f"`{_shown_path(path)}` has more than {MAX_ITEMS:,} items; the rest is ignored."
            )
            self._report("wrong-value", path, message)
        return items[:MAX_ITEMS]

    def _unknown(self, written: str, table: Table, path: KeyPath) -> None:
        if len(self.problems) >= MAX_PROBLEMS:
            return  # looking for the nearest name is what costs
        near = nearest_name(written[:_MAX_SHOWN], table, self.spelling)
        known = ", ".join(f"`{name}`" for name in table.names(self.spelling))
        hint = f"did you mean `{near}`?" if near else f"known are {known}."
        self._report("unknown-key", path, f"`{_shown_path(path)}` is not a setting; {hint}")

    def _out_of_scope(self, key: Key, path: KeyPath) -> None:
        name = _shown_path(path)
        if key.setting.scope == "machine":
            self._report(
                "machine-only",
                path,
                f"`{name}` holds for the whole machine and is ignored here; set it in your own "
                "settings file, or in `initializationOptions.machine`.",
            )
        else:
            self._report(
                "unknown-key",
                path,
                f"`{name}` is not a machine setting; set it with the client's other settings.",
            )

    def _wrong(self, path: KeyPath, reason: str, value: object) -> None:
        message = f"`{_shown_path(path)}` {reason}; {_shown(value)} is ignored."
        self._report("wrong-value", path, message)

    def _report(self, name: str, path: KeyPath, message: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(f"settings/{name}", path, message))


def _shown_path(path: KeyPath) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return _cut("".join(parts).removeprefix("."))


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, str):
        return _cut(json.dumps(value[: _MAX_SHOWN + 1], ensure_ascii=False))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) >= 10**_MAX_SHOWN:
        return "a number that large"  # Python refuses to print an int of more than 4,300 digits
    return _cut(str(value))


def _cut(text: str) -> str:
    """Short enough for a message, and without characters that do not show."""
    kept = text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 1] + "…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in kept)
