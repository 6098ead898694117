"""The settings as a tree of tables, for looking up names as people write them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from promptls.settings.declaration import Key, Spelling, camel, keys_of, spell
from promptls.settings.model import MachineSettings, Settings


@dataclass(frozen=True, slots=True)
class Table:
    """Settings and further tables by camelCase name."""

    attributes: tuple[str, ...] = ()
    entries: dict[str, Key | Table] = field(default_factory=dict)

    def find(self, written: str) -> Key | Table | None:
        """Find the entry of a name in either spelling; a dotted name goes down the tables."""
        entry: Key | Table | None = self
        for name in written.split("."):
            if not isinstance(entry, Table):
                return None
            entry = entry.entries.get(camel(name))
        return entry

    def keys(self) -> Iterator[Key]:
        """Give all settings in here."""
        for entry in self.entries.values():
            if isinstance(entry, Table):
                yield from entry.keys()
            else:
                yield entry

    def names(self, spelling: Spelling) -> Iterator[str]:
        """Give the full dotted names of all settings in here."""
        return (key.spelled(spelling) for key in self.keys())

    def spelled(self, spelling: Spelling) -> str:
        """Spell the table's own dotted name."""
        return ".".join(spell(part, spelling) for part in self.attributes)


@cache
def settings_table() -> Table:
    """Every setting of either scope."""
    return _table_of(Settings, MachineSettings)


@cache
def row_table(row: type) -> Table:
    """Look up the settings of one table of a list or of named tables."""
    return _table_of(row)


def nearest_name(written: str, table: Table, spelling: Spelling) -> str | None:
    """Guess the full name of the setting that a name written in `table` was meant for."""
    from difflib import get_close_matches

    tables = (entry for entry in table.entries.values() if isinstance(entry, Table))
    ends = {inner.spelled(spelling): inner.spelled(spelling) for inner in tables}
    for name in (*table.names(spelling), *settings_table().names(spelling)):
        ends.setdefault(name, name)
        ends.setdefault(name.rpartition(".")[2], name)
    wanted = written if spelling == "kebab" else camel(written)
    close = get_close_matches(wanted, ends, n=1, cutoff=0.6)
    return ends[close[0]] if close else None


def _table_of(*models: type) -> Table:
    root = Table()
    for key in (key for model in models for key in keys_of(model)):
        table = root
        for depth, attribute in enumerate(key.attributes[:-1], start=1):
            inner = table.entries.setdefault(camel(attribute), Table(key.attributes[:depth]))
            if not isinstance(inner, Table):
                raise TypeError(f"{key.name} stands below a setting")
            table = inner
        table.entries[camel(key.attributes[-1])] = key
    return root
