"""Reads raw values into typed ones; what is wrong becomes a problem and is left out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from promptls.settings.declaration import Key, Scope, Spelling, build, keys_of
from promptls.settings.fetching import TtlRule
from promptls.settings.file_rule import FileRule
from promptls.settings.forms import ListOf, NamedTables, NamedValues, Rows, Scalar, Wrong
from promptls.settings.layer import KeyPath, Layer, Level, Problem
from promptls.settings.tables import Table, nearest_name, row_table, settings_table

_T = TypeVar("_T")

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
    return Level(
        layer.origin,
        reading.values,
        tuple(reading.rules),
        tuple(reading.ttl_rules),
        tuple(reading.problems),
    )


@dataclass(slots=True)
class _Reading:
    spelling: Spelling
    folder: Path | None
    scopes: frozenset[Scope]
    values: dict[str, object] = field(default_factory=dict)
    rules: list[FileRule] = field(default_factory=list)
    ttl_rules: list[TtlRule] = field(default_factory=list)
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
                self._no_table(entry, value, here)

    def _setting(self, key: Key, value: object, path: KeyPath, into: dict[str, object]) -> None:
        if key.setting.scope not in self.scopes:
            self._out_of_scope(key.setting.scope, path)
            return
        match key.setting.form:
            case Rows(row=row):
                self._rows(row, value, path)
            case NamedTables() as form:
                into[key.name] = self._named_tables(form, key.setting.secret, value, path)
            case NamedValues() as form:
                into[key.name] = self._named_values(form, key.setting.secret, value, path)
            case ListOf(item=item):
                self._list(key, item, value, path, into)
            case form:
                read = form.read(value)
                if isinstance(read, Wrong):
                    self._wrong(path, read.reason, value, key.setting.secret)
                else:
                    into[key.name] = read

    def _list(
        self, key: Key, item: Scalar, value: object, path: KeyPath, into: dict[str, object]
    ) -> None:
        if not isinstance(value, (list, tuple)):
            self._wrong(path, "must be a list", value, key.setting.secret)
            return
        items: list[object] = []
        for index, element in enumerate(self._bounded(value, path)):
            read = item.read(element)
            if isinstance(read, Wrong):
                self._wrong((*path, index), read.reason, element, key.setting.secret)
            elif not isinstance(read, Path) or read.is_absolute():
                items.append(read)
            elif self.folder is not None:
                items.append(self.folder / read)
        into[key.name] = tuple(items)

    def _named_values(
        self, form: NamedValues, secret: bool, value: object, path: KeyPath
    ) -> dict[str, object]:
        values: dict[str, object] = {}
        for name, element in self._named(form.name, secret, value, path):
            read = form.item.read(element)
            if isinstance(read, Wrong):
                self._wrong((*path, name), read.reason, element, secret)
            else:
                values[name] = read
        return values

    def _named_tables(
        self, form: NamedTables, secret: bool, value: object, path: KeyPath
    ) -> dict[str, object]:
        named = self._named(form.name, secret, value, path)
        read = {name: self._row(form.row, row, (*path, name), secret) for name, row in named}
        return {name: row for name, row in read.items() if row is not None}

    def _named(
        self, form: Scalar, secret: bool, value: object, path: KeyPath
    ) -> Iterator[tuple[str, object]]:
        """Give the entries of a table whose names are the writer's own."""
        if not isinstance(value, Mapping):
            self._wrong(path, "must be a table", value, secret)
            return
        for written, element in self._bounded(list(value.items()), path):
            name = form.read(written)
            if isinstance(name, Wrong):
                message = f"`{_shown_path((*path, str(written)))}` is ignored: its name"
                self._report("wrong-value", (*path, str(written)), f"{message} {name.reason}.")
            elif element is not None:
                yield str(name), element

    def _rows(self, row: type, value: object, path: KeyPath) -> None:
        if not isinstance(value, (list, tuple)):
            needed = next(key.name for key in keys_of(row) if key.required)
            self._wrong(path, f"must be a list of tables, each with a `{needed}`", value)
            return
        for index, element in enumerate(self._bounded(value, path)):
            read = self._row(row, element, (*path, index), secret=False)
            if isinstance(read, FileRule):
                self.rules.append(replace(read, folder=self.folder))
            elif isinstance(read, TtlRule):
                self.ttl_rules.append(read)

    def _row(self, row: type, value: object, path: KeyPath, secret: bool) -> object | None:
        """Read one table into `row`; None where what it needs is wrong or missing."""
        needed = [key.name for key in keys_of(row) if key.required]
        if not isinstance(value, Mapping):
            self._wrong(path, f"must be a table with a `{needed[0]}`", value, secret)
            return None
        values: dict[str, object] = {}
        self.table(value, row_table(row), path, values)
        missing = [name for name in needed if name not in values]
        for name in missing:
            if value.get(name) is None:
                self._report("wrong-value", path, f"`{_shown_path(path)}` needs a `{name}`.")
        return None if missing else build(row, values)

    def _bounded(self, items: Sequence[_T], path: KeyPath) -> Sequence[_T]:
        if len(items) > MAX_ITEMS:
            message = (
                f"`{_shown_path(path)}` has more than {MAX_ITEMS:,} items; the rest is ignored."
            )
            self._report("wrong-value", path, message)
        return items[:MAX_ITEMS]

    def _no_table(self, table: Table, value: object, path: KeyPath) -> None:
        keys = list(table.keys())
        if not any(key.setting.scope in self.scopes for key in keys):
            self._out_of_scope(keys[0].setting.scope, path)
            return
        reason = f"must be a table, with keys such as `{keys[0].spelled(self.spelling)}`"
        self._wrong(path, reason, value, any(key.setting.secret for key in keys))

    def _unknown(self, written: str, table: Table, path: KeyPath) -> None:
        if len(self.problems) >= MAX_PROBLEMS:
            return  # looking for the nearest name is what costs
        near = nearest_name(written[:_MAX_SHOWN], table, self.spelling)
        known = ", ".join(f"`{name}`" for name in table.names(self.spelling))
        hint = f"did you mean `{near}`?" if near else f"known are {known}."
        self._report("unknown-key", path, f"`{_shown_path(path)}` is not a setting; {hint}")

    def _out_of_scope(self, scope: Scope, path: KeyPath) -> None:
        name = _shown_path(path)
        if scope == "machine":
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

    def _wrong(self, path: KeyPath, reason: str, value: object, secret: bool = False) -> None:
        shown = "its value" if secret else _shown(value)
        message = f"`{_shown_path(path)}` {reason}; {shown} is ignored."
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
