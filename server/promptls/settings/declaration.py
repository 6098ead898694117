"""How a setting is declared on its field, and the flat list of settings read back from there."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Literal, NamedTuple, TypeVar, cast, get_type_hints

from promptls.settings.forms import Form

Scope = Literal["machine", "resource"]
Spelling = Literal["camel", "kebab"]

_T = TypeVar("_T")
_HUMP = re.compile(r"[-_]([a-z0-9])")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a field's annotation says about the setting in it."""

    form: Form
    doc: str
    example: object
    """As it stands in a file, not as it is read; never the default."""
    scope: Scope = "resource"
    secret: bool = False
    """Whether a value may hold a password, so that no message repeats it."""


@dataclass(frozen=True, slots=True)
class Key:
    """One setting with its place in the model."""

    attributes: tuple[str, ...]
    setting: Setting
    default: object
    required: bool

    @property
    def name(self) -> str:
        """The name by which values are held: dotted, camelCase."""
        return self.spelled("camel")

    def spelled(self, spelling: Spelling) -> str:
        """Spell the dotted name as clients (camel) or files (kebab) do."""
        return ".".join(spell(part, spelling) for part in self.attributes)


def camel(written: str) -> str:
    """`warn-at` or `warn_at` as `warnAt`; what is camelCase already stays."""
    return _HUMP.sub(lambda hump: hump[1].upper(), written)


def spell(attribute: str, spelling: Spelling) -> str:
    """Spell an attribute's name as clients (camel) or files (kebab) do."""
    return camel(attribute) if spelling == "camel" else attribute.replace("_", "-")


@cache
def keys_of(model: type) -> tuple[Key, ...]:
    """All settings of a settings class, with those of the classes in it, in their order."""
    return tuple(_walk(model, ()))


def build(model: type[_T], values: Mapping[str, object], prefix: str = "") -> _T:
    """Make a settings object from values by dotted camelCase name; defaults fill the rest."""
    given: dict[str, Any] = {}
    for field, group, _ in _declared(cast(Hashable, model)):
        name = prefix + camel(field.name)
        if group is not None:
            given[field.name] = build(group, values, f"{name}.")
        elif name in values:
            given[field.name] = values[name]
    return model(**given)


def _walk(model: type, above: tuple[str, ...]) -> Iterator[Key]:
    for field, group, setting in _declared(model):
        attributes = (*above, field.name)
        if group is not None:
            yield from _walk(group, attributes)
        elif setting is not None:
            yield Key(attributes, setting, *_default(field))


def _default(field: Field[Any]) -> tuple[object, bool]:
    """Give the default, and whether there is none."""
    if field.default_factory is not MISSING:
        return field.default_factory(), False
    return (None, True) if field.default is MISSING else (field.default, False)


class _Declared(NamedTuple):
    field: Field[Any]
    group: type | None
    setting: Setting | None


@cache
def _declared(model: type[Any]) -> tuple[_Declared, ...]:
    hints = get_type_hints(model, include_extras=True)
    return tuple(
        _Declared(
            field,
            hint if isinstance(hint := hints[field.name], type) and is_dataclass(hint) else None,
            next((m for m in getattr(hint, "__metadata__", ()) if isinstance(m, Setting)), None),
        )
        for field in fields(model)
    )
