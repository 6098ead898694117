"""The forms of names, of paths, and of the plain values that variables have."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from promptls.findings import CATALOGUE
from promptls.settings.forms import MAX_TEXT, Wrong
from promptls.settings.values import plain_text

MAX_VALUE = 1_000_000
"""Characters of a variable; what is longer belongs in a file that is referred to."""


class Pattern:
    """Text that matches a regular expression as a whole."""

    def __init__(self, pattern: str, accepts: str, change: Callable[[str], str] = str) -> None:
        self.pattern = pattern
        self.accepts = accepts
        self._matches = re.compile(pattern).fullmatch
        self._change = change

    def read(self, value: object) -> str | Wrong:
        """Read the text."""
        if isinstance(value, str) and len(value) <= MAX_TEXT and self._matches(value):
            return self._change(value)
        return Wrong(f"must be {self.accepts}")

    def schema(self) -> dict[str, Any]:
        """Describe text with the pattern."""
        return {"type": "string", "pattern": f"^(?:{self.pattern})$", "maxLength": MAX_TEXT}


VARIABLE_NAME = Pattern(
    r"[A-Za-z_][A-Za-z0-9_.-]*", "a name of letters, digits, `_`, `-` and `.`, a letter first"
)
ENDPOINT_NAME = Pattern(
    r"[A-Za-z0-9_][A-Za-z0-9_.-]*", "a name of letters, digits, `_`, `-` and `.`"
)
ENVIRONMENT_NAME = Pattern(r"[A-Za-z_][A-Za-z0-9_]*", "the name of an environment variable")
PLUGIN_NAME = Pattern(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", "the name of an entry point")


class CodePattern:
    """A finding code, or a glob that matches some."""

    accepts = 'a finding code such as `"budget/section-near"`, or a glob such as `"budget/*"`'

    def read(self, value: object) -> str | Wrong:
        """Read the code and see that there is such a finding."""
        if not isinstance(value, str) or not value or len(value) > MAX_TEXT:
            return Wrong('must be a finding code such as "budget/section-near"')
        if any(fnmatchcase(code, value) for code in CATALOGUE):
            return value
        return Wrong("names no finding that there is (docs/findings.md lists them)")

    def schema(self) -> dict[str, Any]:
        """Describe text; new versions bring new codes, so they are not enumerated."""
        return {"type": "string", "minLength": 1}


class PlainValue:
    """Text, a number, a date, or yes or no: what a variable is made of."""

    accepts = "text, a number, or `true` or `false`"

    def read(self, value: object) -> str | Wrong:
        """Read the value as the text that takes the variable's place."""
        text = plain_text(value)
        if text is None:
            return Wrong("must be text, a number, or true or false")
        if len(text) > MAX_VALUE:
            return Wrong(f"must be at most {MAX_VALUE:,} characters long")
        return text

    def schema(self) -> dict[str, Any]:
        """Describe the plain types."""
        return {"type": ["string", "number", "boolean"]}


class FilePath:
    """A path, absolute, from the home folder, or relative to the file that holds the setting."""

    accepts = (
        "a path, relative to the file that sets it or, for the client's settings, to the "
        "workspace folder"
    )

    def read(self, value: object) -> Path | Wrong:
        """Read the path as it is written; the reader of the level makes it absolute."""
        if isinstance(value, str) and value.strip() and "\0" not in value:
            return Path(os.path.expanduser(value))  # noqa: PTH111 - Path.expanduser may raise
        return Wrong("must be the path of a file")

    def schema(self) -> dict[str, Any]:
        """Describe text."""
        return {"type": "string", "minLength": 1}
