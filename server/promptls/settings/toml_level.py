"""Makes a level of settings out of a TOML file's bytes, with every problem at its place."""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from promptls.findings import CATALOGUE, Finding, Range
from promptls.settings.declaration import Scope
from promptls.settings.layer import NOWHERE, Content, Layer, Level, Problem
from promptls.settings.reader import read_layer
from promptls.settings.settings_file import PYPROJECT_TOML, Unreadable
from promptls.settings.toml_keys import (
    MAX_DEPTH,
    KeyPlaces,
    TooDeepError,
    line_range,
    locate_keys,
    position_at,
)

_MAX_REASON = 200
"""Characters; tomllib repeats whole keys."""

_PYPROJECT_TABLE = ("tool", "promptls")
_PLACE = re.compile(r" \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)\Z")


def parse(path: Path, data: bytes | Unreadable, scopes: frozenset[Scope]) -> Content:
    """Make a level out of what `read_bytes` gave; `scopes` are those that the file may set."""
    if isinstance(data, Unreadable):
        message = f"{path.name} cannot be read: {data.reason}. No settings are taken from it."
        return Content(None, (_finding("settings/unreadable", NOWHERE, message),))
    if path.name == PYPROJECT_TOML and b"promptls" not in data:
        return Content(None)  # right or wrong, it is none of our business
    try:
        text = _decoded(data).replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(error.encoding, "replace")
        start = position_at(before, len(before))
        place = Range(start, start._replace(character=start.character + 1))
        return _not_toml(path, place, "this is not text in UTF-8")
    return _parse_text(path, text, scopes)


def _parse_text(path: Path, text: str, scopes: frozenset[Scope]) -> Content:
    under = _PYPROJECT_TABLE if path.name == PYPROJECT_TOML else ()
    try:
        places = locate_keys(text, under)
        values: object = tomllib.loads(text)
    except TooDeepError as error:
        return _not_toml(path, line_range(text, error.offset), f"nested over {MAX_DEPTH} deep")
    except RecursionError:
        return _not_toml(path, line_range(text, 0), "nested too deeply")
    except ValueError as error:  # also whole numbers of more than 4,300 digits
        return _not_toml(path, _error_range(text, error), _PLACE.sub("", str(error))[:_MAX_REASON])
    for name in under:
        values = values.get(name) if isinstance(values, Mapping) else None
    if values is None:
        return Content(None)
    if not isinstance(values, Mapping):
        problem = Problem("settings/wrong-value", (), "`tool.promptls` must be a table.")
        return Content(None, (problem.finding(places.range(under)),))
    level = read_layer(Layer(str(path), values, folder=path.parent), scopes)
    return Content(level, _located(level, places, under))


def _located(level: Level, places: KeyPlaces, under: tuple[str, ...]) -> tuple[Finding, ...]:
    return tuple(
        problem.finding(places.range((*under, *problem.path))) for problem in level.problems
    )


def _decoded(data: bytes) -> str:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return data.removeprefix(mark).decode(encoding)
    return data.removeprefix(codecs.BOM_UTF8).decode("utf-8")


def _error_range(text: str, error: ValueError) -> Range:
    """From where tomllib stopped to the end of that line; the first line when it does not say."""
    place = _PLACE.search(str(error))
    if place is None:
        return line_range(text, 0)
    if place[1] is None:
        return line_range(text, text.rstrip().rfind("\n") + 1)
    lines = text.split("\n")
    before = sum(len(line) + 1 for line in lines[: int(place[1]) - 1])
    offset = min(before + int(place[2]) - 1, len(text))
    found = line_range(text, offset)
    return found if found.start != found.end else line_range(text, before)


def _not_toml(path: Path, place: Range, reason: str) -> Content:
    message = f"{path.name} is not valid TOML: {reason}. No settings are taken from it."
    return Content(None, (_finding("settings/not-toml", place, message),))


def _finding(code: str, place: Range, message: str) -> Finding:
    return Finding(code, CATALOGUE[code].severity, place, message)
