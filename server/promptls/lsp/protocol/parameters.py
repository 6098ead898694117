"""Parameters of a message as lsprotocol's types, or an error that quotes none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cattrs.errors import ClassValidationError
from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

if TYPE_CHECKING:
    from cattrs import Converter


class InvalidParams(JsonRpcInvalidParams):
    """The request's parameters are wrong; the message goes to the client as it is."""


def structure_params(converter: Converter, method: str, params: object) -> object:
    """Give `params` as the type that LSP names for `method`; as they are for other methods.

    Raises InvalidParams, naming the field in question but no value.
    """
    described = types.METHOD_TO_TYPES.get(method)
    if described is None:
        return params
    expected: Any = described[2]
    if expected is None:
        return None
    try:
        return converter.structure(params, expected)
    except Exception as error:
        field = _first_bad_field(error)
        detail = f": {field} is missing or of the wrong type" if field else ""
        raise InvalidParams(f"invalid params for {method}{detail}") from None


def _first_bad_field(error: BaseException) -> str:
    """Give the dotted path, of attribute names only, to what could not be structured."""
    path: list[str] = []
    current = error
    while isinstance(current, ClassValidationError):
        noted, _unnoted = current.group_exceptions()
        if not noted:
            break
        current, note = noted[0]
        path.append(note.name)
    return ".".join(path)
