"""What a variable file says: TOML, YAML, JSON or `.env`, all bounded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath

from promptls.references.variables.dotenv import read_dotenv
from promptls.settings.values import named_texts

MAX_YAML_VALUES = 10_000
"""What aliases repeat included."""


class FormatError(ValueError):
    """A variable file says nothing that can be understood; the text is the reason."""


def is_dotenv(name: str) -> bool:
    """Whether a file of this name is a `.env` file: `.env`, `.env.local`, `test.env`."""
    lower = PurePath(name).name.lower()
    return lower == ".env" or lower.startswith(".env.") or lower.endswith(".env")


def read_variables(name: str, text: str) -> dict[str, str]:
    """Read the variables of the file `name`, by dotted names; the name's end tells the format.

    `text` has line feeds as line ends. Raises `FormatError`.
    """
    if is_dotenv(name):
        return read_dotenv(text)
    read = _FORMATS.get(PurePath(name).suffix.lower())
    if read is None:
        raise FormatError("its name must end in .toml, .yaml, .yml, .json or .env")
    try:
        values = read(text)
    except FormatError:
        raise
    except RecursionError:
        raise FormatError("it is nested too deeply") from None
    except ValueError as error:
        # The messages of tomllib and json tell a place, and no values.
        raise FormatError(f"it is not valid: {str(error)[:200]}") from None
    if not isinstance(values, Mapping):
        raise FormatError("it must hold a table of names and values")
    return named_texts(values)


def _toml(text: str) -> object:
    import tomllib

    from promptls.settings.toml_keys import TooDeepError, locate_keys

    try:
        locate_keys(text)  # refuses what keeps tomllib busy for hours
    except TooDeepError:
        raise FormatError("it is nested too deeply") from None
    return tomllib.loads(text)


def _yaml(text: str) -> object:
    from promptls.prompts.front_matter.yaml_reading import Refusal, read_yaml

    reading = read_yaml(text.split("\n"), 0, None, MAX_YAML_VALUES)
    if isinstance(reading, Refusal):
        raise FormatError(f"it is not valid: {reading.problem} (line {reading.line + 1})")
    return reading.values


def _json(text: str) -> object:
    import json

    return json.loads(text)


_FORMATS: Mapping[str, Callable[[str], object]] = {
    ".json": _json,
    ".toml": _toml,
    ".yaml": _yaml,
    ".yml": _yaml,
}
