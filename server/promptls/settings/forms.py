"""The forms that a setting's value may have: each reads, explains itself and gives a schema."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from promptls.settings.globs import compile_glob
from promptls.settings.limit import MAX_SHARE, MAX_TOKENS, BudgetLimit

MAX_TEXT = 1000
"""Characters; longer names and globs are mistakes."""


class Wrong(NamedTuple):
    """Why a value is not taken, as the end of a sentence that starts with the key."""

    reason: str


class Scalar(Protocol):
    """One value."""

    @property
    def accepts(self) -> str:
        """What is accepted, in words for a reader."""

    def read(self, value: object) -> object:
        """Give the typed value, or `Wrong`."""

    def schema(self) -> dict[str, Any]:
        """Give the JSON schema of the accepted values."""


class Text:
    """A name: text that is not empty, without blanks around it."""

    def __init__(self, accepts: str, longest: int = MAX_TEXT) -> None:
        self.accepts = accepts
        self.longest = longest

    def read(self, value: object) -> str | Wrong:
        """Read the name, without blanks around it."""
        if not isinstance(value, str) or not value.strip():
            return Wrong("must be text that is not empty")
        if len(value) > self.longest:
            return Wrong(f"must be at most {self.longest} characters long")
        return value.strip()

    def schema(self) -> dict[str, Any]:
        """Describe text that is not empty."""
        return {"type": "string", "minLength": 1, "maxLength": self.longest}


class Choice:
    """One of a few names."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    @property
    def accepts(self) -> str:
        """The names."""
        return "one of " + ", ".join(f'`"{name}"`' for name in self.names)

    def read(self, value: object) -> str | Wrong:
        """Read the name, exactly as it is listed."""
        if isinstance(value, str) and value in self.names:
            return value
        return Wrong("must be one of " + ", ".join(f'"{name}"' for name in self.names))

    def schema(self) -> dict[str, Any]:
        """Describe an enumeration."""
        return {"type": "string", "enum": list(self.names)}


class Flag:
    """Yes or no."""

    accepts = "`true` or `false`"

    def read(self, value: object) -> bool | Wrong:
        """Read the flag; numbers and text are not flags."""
        return value if isinstance(value, bool) else Wrong("must be true or false")

    def schema(self) -> dict[str, Any]:
        """Describe a boolean."""
        return {"type": "boolean"}


class WholeNumber:
    """A whole number between two others, both included."""

    def __init__(self, low: int, high: int) -> None:
        self.low = low
        self.high = high

    @property
    def accepts(self) -> str:
        """The range."""
        return f"a whole number from {self.low:,} to {self.high:,}"

    def read(self, value: object) -> int | Wrong:
        """Read the number; `150.0` counts as whole, since JSON knows no difference."""
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            within = self.low <= value <= self.high
            if within and value == int(value):
                return int(value)
        return Wrong(f"must be {self.accepts}")

    def schema(self) -> dict[str, Any]:
        """Describe an integer."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


class Number:
    """A number between two others, both included."""

    def __init__(self, low: float, high: float) -> None:
        self.low = low
        self.high = high

    @property
    def accepts(self) -> str:
        """The range."""
        return f"a number from {self.low:,} to {self.high:,}"

    def read(self, value: object) -> float | Wrong:
        """Read the number."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return Wrong(f"must be {self.accepts}")
        if self.low <= value <= self.high:
            return float(value)
        return Wrong(f"must be {self.accepts}")

    def schema(self) -> dict[str, Any]:
        """Describe a number."""
        return {"type": "number", "minimum": self.low, "maximum": self.high}


class Fraction:
    """A number above 0, up to 1."""

    accepts = "a number above 0, at most 1"

    def read(self, value: object) -> float | Wrong:
        """Read the number."""
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= 1:
            return float(value)
        return Wrong(f"must be {self.accepts}")

    def schema(self) -> dict[str, Any]:
        """Describe a number."""
        return {"type": "number", "exclusiveMinimum": 0, "maximum": 1}


class Limit:
    """A number of tokens or a share: `BudgetLimit`."""

    def __init__(self, *, zero: bool = False, max_share: float = MAX_SHARE) -> None:
        self.zero = zero
        self.max_share = max_share

    @property
    def accepts(self) -> str:
        """Both forms, with what bounds the share."""
        least = "0 or more" if self.zero else "1 or more"
        shares = f'`"0%"` to `"{self.max_share:.0%}"`' if self.zero else '`"80%"`'
        bound = "" if self.zero else f" (above 0 %, at most {self.max_share * 100:.0f} %)"
        return f"a whole number of tokens, {least}; or a share in quotes, {shares}{bound}"

    def read(self, value: object) -> BudgetLimit | Wrong:
        """Read the limit."""
        limit = BudgetLimit.parse(value, zero=self.zero, max_share=self.max_share)
        return Wrong(limit) if isinstance(limit, str) else limit

    def schema(self) -> dict[str, Any]:
        """Describe an integer, or text with a percent sign."""
        tokens = {"type": "integer", "minimum": 0 if self.zero else 1, "maximum": MAX_TOKENS}
        share = {"type": "string", "pattern": r"^\s*[0-9]{1,4}(\.[0-9]{1,6})?\s*%\s*$"}
        return {"anyOf": [tokens, share]}


class Folder:
    """An absolute path, or one from the home folder."""

    accepts = "an absolute path, or one that starts with `~/`"

    def read(self, value: object) -> Path | Wrong:
        """Read the path; whether the folder exists is found out by who uses it."""
        if isinstance(value, str) and "\0" not in value:
            path = Path(os.path.expanduser(value))  # noqa: PTH111 - Path.expanduser may raise
            if path.is_absolute():
                return path
        return Wrong("must be an absolute path, or one that starts with ~/")

    def schema(self) -> dict[str, Any]:
        """Describe text."""
        return {"type": "string", "minLength": 1}


class GlobText:
    """A glob as in `.gitignore`."""

    accepts = "a glob as in `.gitignore`"

    def read(self, value: object) -> str | Wrong:
        """Read the glob and see that it can match."""
        if not isinstance(value, str) or not value:
            return Wrong('must be a glob such as "prompts/**/*.md"')
        if len(value) > MAX_TEXT:
            return Wrong(f"must be at most {MAX_TEXT} characters long")
        compiled = compile_glob(value)
        return Wrong(compiled) if isinstance(compiled, str) else value

    def schema(self) -> dict[str, Any]:
        """Describe text that does not start with an exclamation mark."""
        return {"type": "string", "pattern": "^[^!]", "maxLength": MAX_TEXT}


class ListOf:
    """A list of scalars; a wrong item is left out, the others stay."""

    def __init__(self, item: Scalar) -> None:
        self.item = item

    @property
    def accepts(self) -> str:
        """What an item may be."""
        return f"a list; each item {self.item.accepts}"

    def schema(self) -> dict[str, Any]:
        """Describe an array."""
        return {"type": "array", "items": self.item.schema()}


class NamedValues:
    """A table of scalars by names that the writer chooses; levels are merged name by name."""

    def __init__(self, name: Scalar, item: Scalar) -> None:
        self.name = name
        self.item = item

    @property
    def accepts(self) -> str:
        """What a name and a value may be."""
        return f"a table; each name {self.name.accepts}, each value {self.item.accepts}"

    def schema(self) -> dict[str, Any]:
        """Describe an object with any such names."""
        return {
            "type": "object",
            "propertyNames": self.name.schema(),
            "additionalProperties": self.item.schema(),
        }


class NamedTables:
    """Tables by names that the writer chooses, each read into the dataclass `row`."""

    def __init__(self, name: Scalar, row: type) -> None:
        self.name = name
        self.row = row

    @property
    def accepts(self) -> str:
        """What a name may be."""
        return f"a table of tables; each name {self.name.accepts}"


class Rows:
    """A list of tables, each read into the dataclass `row`."""

    accepts = "a list of tables"

    def __init__(self, row: type) -> None:
        self.row = row


Form = Scalar | ListOf | NamedValues | NamedTables | Rows
