"""The part of a JSON answer that a JSONPath names."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from promptls.references.api.model import Trouble

if TYPE_CHECKING:
    from jsonpath import CompoundJSONPath, JSONPath

_Json = Mapping[str, object] | Sequence[object] | str | float | bool | None
MATCHES_MAX = 100_000
"""More matches than this are no answer that a prompt brings in."""


def path_problem(path: str) -> str | None:
    """Why a text is no JSONPath, or None."""
    compiled = _compile(path)
    return compiled if isinstance(compiled, str) else None


def extract(text: str, path: str, max_characters: int) -> str | Trouble:
    """What the path names in a JSON text: strings as they are, anything else as compact JSON.

    Several matches stand on lines of their own. Invalid JSON, a path that matches nothing, and one
    that makes more than `max_characters` of the answer are trouble.
    """
    compiled = _compile(path)
    if isinstance(compiled, str):
        return Trouble(f"cannot be read: `{path}` is not a JSONPath ({compiled})", False)
    try:
        data: _Json = json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        return Trouble(f"answered what is not JSON ({error.msg}, {place})", False)
    except (ValueError, RecursionError):
        return Trouble("answered JSON that is nested too deeply or has too long a number", False)
    return _matches(compiled, path, data, max_characters)


def _matches(
    compiled: JSONPath | CompoundJSONPath, path: str, data: _Json, max_characters: int
) -> str | Trouble:
    from jsonpath.exceptions import JSONPathError

    found: list[str] = []
    length = 0
    try:
        for match in compiled.finditer(data):
            found.append(_written(match.obj))
            length += len(found[-1])
            if len(found) > MATCHES_MAX or length > max_characters:
                return Trouble(
                    f"answered more than fits: `{path}` matches over "
                    f"{max_characters:,} characters or {MATCHES_MAX:,} places",
                    False,
                    code="reference/too-large",
                )
    except (JSONPathError, RecursionError):
        return Trouble(f"answered JSON that `{path}` cannot be applied to", False)
    if not found:
        return Trouble(f"answered JSON in which `{path}` matches nothing", False)
    return "\n".join(found)


def _written(value: object) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=64)
def _compile(path: str) -> JSONPath | CompoundJSONPath | str:
    import jsonpath

    try:
        return jsonpath.compile(path)
    except jsonpath.JSONPathError as error:
        return str(error).partition("\n")[0]
    except RecursionError:
        return "nested too deeply"
