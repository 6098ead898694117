"""The JSON schema of `promptls.toml`, for editors that complete and check TOML by a schema."""

from __future__ import annotations

from typing import Any

from promptls.settings.declaration import Key, Spelling, spell
from promptls.settings.forms import NamedTables, Rows
from promptls.settings.limit import BudgetLimit
from promptls.settings.tables import Table, row_table, settings_table


def file_schema() -> dict[str, Any]:
    """Describe a settings file in the spelling of the settings page: kebab-case.

    Draft 7, which editors' TOML extensions know best. Machine settings are in it, since the
    user's own file has the same name and may hold them.
    """
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "promptls.toml",
        "description": "Settings of promptls, the language server for prompt files.",
    } | _table_schema(settings_table())


def client_schema(key: Key) -> dict[str, Any]:
    """Describe one setting as it stands in a client's configuration: inner names in camelCase."""
    return _key_schema(key, "camel")


def _table_schema(table: Table, spelling: Spelling = "kebab") -> dict[str, Any]:
    entries = {
        spell(entry.attributes[-1], spelling): (
            _table_schema(entry, spelling)
            if isinstance(entry, Table)
            else _key_schema(entry, spelling)
        )
        for entry in table.entries.values()
    }
    required = [
        spell(entry.attributes[-1], spelling)
        for entry in table.entries.values()
        if isinstance(entry, Key) and entry.required
    ]
    schema: dict[str, Any] = {"type": "object"}
    if required:
        schema["required"] = required
    return schema | {"additionalProperties": False, "properties": entries}


def _key_schema(key: Key, spelling: Spelling) -> dict[str, Any]:
    doc = key.setting.doc
    if key.setting.scope == "machine" and spelling == "kebab":
        doc += " A machine setting: it counts in your own settings file only."
    described: dict[str, Any] = {"description": doc}
    default = written_default(key)
    if default is not None:
        described["default"] = default
    form = key.setting.form
    if isinstance(form, Rows):
        rows = _table_schema(row_table(form.row), spelling)
        return described | {"type": "array", "items": rows}
    if isinstance(form, NamedTables):
        inner = _table_schema(row_table(form.row), spelling)
        names = form.name.schema()
        return described | {"type": "object", "propertyNames": names, "additionalProperties": inner}
    return described | form.schema()


def written_default(key: Key) -> object:
    """Give the default as a file would have it; None where there is nothing to write."""
    if isinstance(key.default, BudgetLimit):
        return key.default.tokens
    if isinstance(key.default, tuple):
        return list(key.default)
    return key.default
